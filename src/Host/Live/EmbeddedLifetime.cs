using Microsoft.Extensions.Hosting;

namespace EdgeAutonomy.Host;

/// <summary>The lifetime of a web host inside a bigger process: signals are the process's business, not its own.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
