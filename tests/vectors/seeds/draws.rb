# What Ruby draws after a seed of 7: a line each, "name<TAB>draws".
def say(name, n)
  random = Random.new(7)
  puts "#{name}\t#{Array.new(n) { yield random }.join(' ')}"
end
say("ruby rand", 24) { |random| random.rand }
say("ruby rand 6", 48) { |random| random.rand(6) }
say("ruby rand 1000", 24) { |random| random.rand(1000) }
