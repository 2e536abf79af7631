# syntax=docker/dockerfile:1
#
#   docker build --target server     -t omaha-server .        the server, Native AOT (also what a build without --target gives)
#   docker build --target server-jit -t omaha-server:jit .    the same server on the JIT, for dotnet-trace, dotnet-counters and the like
#   docker build --target control    -t omaha-control .       the control plane, with omahactl
#
# One image for each architecture, built on that architecture: a native binary for another one needs a second toolchain.
# deploy/publish.sh runs the dotnet commands below without Docker; CI does so with every change and tries what comes out.

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS source
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/ src/
# Volumes take the owner of what they are mounted over from the image.
RUN mkdir -p out/state

FROM source AS publish-server
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends clang zlib1g-dev && rm -rf /var/lib/apt/lists/*
# Empty: what Directory.Build.props says, processors since 2013. For older ones: --build-arg INSTRUCTION_SET=x86-64
ARG INSTRUCTION_SET=
RUN dotnet publish src/Omaha.Server -c Release -p:PublishAot=true ${INSTRUCTION_SET:+-p:IlcInstructionSet=$INSTRUCTION_SET} -p:CopyOutputSymbolsToPublishDirectory=false -o out/server -v quiet

FROM source AS publish-server-jit
RUN dotnet publish src/Omaha.Server -c Release -p:UseAppHost=true -o out/server-jit -v quiet

FROM source AS publish-control
RUN dotnet publish src/Omaha.Control -c Release -p:UseAppHost=true -o out/control -v quiet
RUN dotnet publish src/Omaha.Cli -c Release -p:UseAppHost=true -o out/omahactl -v quiet

# Chiseled: no shell, no package manager, no root. "extra" has the time zones that Daystart:TimeZone, windows and freezes are given in.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra AS control
COPY --from=publish-control /source/out/control/ /app/control/
COPY --from=publish-control /source/out/omahactl/ /app/omahactl/
# A file appsettings.json that is mounted here is read, and read again when it changes.
WORKDIR /etc/omaha
# docker exec and kubectl exec find omahactl by its name. The runtime has no use for the writable /tmp that its diagnostics want.
ENV PATH=/app/omahactl:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    DOTNET_EnableDiagnostics=0
USER $APP_UID
EXPOSE 8081
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/control/Omaha.Control"]

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra AS server-jit
COPY --from=publish-server-jit /source/out/server-jit/ /app/
WORKDIR /etc/omaha
COPY --from=source --chown=$APP_UID:$APP_UID /source/out/state/ /var/lib/omaha/
ENV OMAHA_Snapshot__Path=/var/lib/omaha/catalogue.snapshot \
    OMAHA_Server__InlineSockets=true
VOLUME /var/lib/omaha
USER $APP_UID
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/Omaha.Server"]

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled-extra AS server
COPY --from=publish-server /source/out/server/ /app/
WORKDIR /etc/omaha
COPY --from=source --chown=$APP_UID:$APP_UID /source/out/state/ /var/lib/omaha/
ENV OMAHA_Snapshot__Path=/var/lib/omaha/catalogue.snapshot \
    OMAHA_Server__InlineSockets=true
VOLUME /var/lib/omaha
USER $APP_UID
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/Omaha.Server"]
