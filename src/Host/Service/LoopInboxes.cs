using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The one way for this program to hand inputs to running loops.</summary>
/// <remarks>An inbox takes one writer at a time; the page, Foxglove and the recorder are several, so they all go through here. Any thread but a loop's.</remarks>
public sealed class LoopInboxes
{
    private readonly IReadOnlyList<IControlLoop> _loops;
    private readonly Func<Stamp> _now;
    private readonly Lock _writer = new();

    /// <summary>Makes the way in.</summary>
    /// <param name="loops">The loops.</param>
    /// <param name="now">The loops' time, for the stamp of arrival.</param>
    public LoopInboxes(IReadOnlyList<IControlLoop> loops, Func<Stamp> now)
    {
        _loops = loops;
        _now = now;
    }

    /// <summary>Queues an input; the loop takes it at the start of its next cycle.</summary>
    /// <param name="loop">The loop's name.</param>
    /// <param name="input">The input; its stamp of arrival is set here.</param>
    /// <returns>False when there is no such loop, or its inbox is full.</returns>
    public bool Submit(string loop, LoopInput input)
    {
        foreach (var known in _loops)
        {
            if (known.Name != loop) continue;
            lock (_writer) return known.Inbox.TryWrite(input with { Arrived = _now() });
        }
        return false;
    }

    /// <summary>Queues an input for every loop.</summary>
    /// <returns>False when it did not fit somewhere.</returns>
    public bool SubmitAll(LoopInput input)
    {
        bool all = true;
        foreach (var loop in _loops) all &= Submit(loop.Name, input);
        return all;
    }
}
