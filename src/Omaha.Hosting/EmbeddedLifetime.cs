using Microsoft.Extensions.Hosting;

namespace Omaha.Hosting;

/// <summary>The lifetime of a host that runs inside another program: it starts and stops when it is told to and leaves the process's signals alone.</summary>
public sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
