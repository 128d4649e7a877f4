using System.Runtime.InteropServices;

namespace EdgeAutonomy.Host;

/// <summary>Turns Ctrl-C and SIGTERM into a cancellation, so that whatever runs can end in good order.</summary>
public sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Starts to listen.</summary>
    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
    ];

    /// <summary>Gets the token that a signal cancels.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        // The second signal is left to the system: whoever asks twice wants the process gone.
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
