# Two stages: the compiler stays in the first, the image holds one static program.
#   docker build -t seedbench .
#   docker run --rm -v "$PWD:/work" seedbench audit captures/
FROM rust:1-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /source
COPY Cargo.toml Cargo.lock build.rs ./
COPY src src
COPY assets assets
COPY benches benches
COPY examples examples
COPY python python
COPY README.md ./
RUN cargo build --release --locked --bin seedbench

FROM alpine:3
COPY --from=build /source/target/release/seedbench /usr/local/bin/seedbench
WORKDIR /work
ENTRYPOINT ["seedbench"]
