-- What Lua 5.4 and LuaJIT draw after a seed of 7: a line each, "name<TAB>draws".
local of = jit and "luajit" or "lua"
local function say(name, n, draw)
  math.randomseed(7)
  local draws = {}
  for i = 1, n do draws[i] = string.format("%.17g", draw()) end
  print(of .. " " .. name .. "\t" .. table.concat(draws, " "))
end
say("random", 24, function() return math.random() end)
say("random 6", 48, function() return math.random(6) end)
say("random 1000", 24, function() return math.random(1000) end)
