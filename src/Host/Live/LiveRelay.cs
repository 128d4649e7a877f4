using System.Collections.Concurrent;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The feed of a process: somebody publishes views, the endpoint waits for them.</summary>
/// <remarks>Keeps one view, the newest. Publishing wakes the waiting readers on pool threads and never waits for them.</remarks>
public sealed class LiveRelay : ILiveFeed
{
    private readonly Func<string, LoopInput, bool> _submit;
    private readonly ConcurrentDictionary<string, double> _caps = new(StringComparer.Ordinal);
    private volatile Slot _slot = new(null);

    /// <summary>Makes a relay without a view.</summary>
    /// <param name="loops">The loops, for metrics and health.</param>
    /// <param name="submit">Hands an input to the loop of that name; false when it cannot. Any thread.</param>
    public LiveRelay(IReadOnlyList<IControlLoop> loops, Func<string, LoopInput, bool> submit)
    {
        Loops = loops;
        _submit = submit;
    }

    /// <summary>Makes a relay of loops that run in this process.</summary>
    public LiveRelay(LoopInboxes inboxes)
        : this(inboxes?.Loops ?? throw new ArgumentNullException(nameof(inboxes)), inboxes.Submit)
    {
    }

    /// <summary>Makes a relay of a recording: there is nothing to steer.</summary>
    public LiveRelay()
        : this([], (_, _) => false)
    {
    }

    /// <inheritdoc/>
    public LiveView? Latest => _slot.View;

    /// <inheritdoc/>
    public IReadOnlyList<IControlLoop> Loops { get; }

    /// <summary>Makes a view the newest one. One thread at a time; not for a loop thread, since it allocates.</summary>
    public void Publish(LiveView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var before = _slot;
        _slot = new Slot(view);
        before.Replaced.TrySetResult();
    }

    /// <inheritdoc/>
    public async Task<LiveView> NextAsync(LiveView? seen, CancellationToken cancellation)
    {
        while (true)
        {
            var slot = _slot;
            if (slot.View is { } view && !ReferenceEquals(view, seen)) return view;
            await slot.Replaced.Task.WaitAsync(cancellation);
        }
    }

    /// <inheritdoc/>
    public bool Submit(string loop, LoopInput input)
    {
        if (!_submit(loop, input)) return false;
        if (input.Kind == LoopInputKind.PeriodCap) _caps[loop] = input.Value;
        return true;
    }

    /// <inheritdoc/>
    public double PeriodCapMs(string loop) => _caps.GetValueOrDefault(loop);

    private sealed class Slot(LiveView? view)
    {
        public LiveView? View { get; } = view;

        // Continuations run elsewhere, so that a slow reader never runs on the publisher's thread.
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
