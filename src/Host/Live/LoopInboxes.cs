using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The one door to the inboxes of the loops: the page, Foxglove, the recorder and everybody else in the process go through it.</summary>
/// <remarks>An inbox has one writer (<see cref="IControlLoop.Inbox"/>); a lock per loop makes one of many. Any thread but a loop's. Never waits for a loop: a full
/// inbox refuses.</remarks>
public sealed class LoopInboxes
{
    private readonly Func<int, Stamp> _now;
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly Lock[] _locks;

    /// <summary>Makes the door.</summary>
    /// <param name="loops">The loops; their names differ.</param>
    /// <param name="now">Returns the time of the clock that a loop, given by its index, waits on: when an input arrived.</param>
    public LoopInboxes(IReadOnlyList<IControlLoop> loops, Func<int, Stamp> now)
    {
        ArgumentNullException.ThrowIfNull(loops);
        ArgumentNullException.ThrowIfNull(now);
        Loops = loops;
        _now = now;
        _locks = [.. loops.Select(_ => new Lock())];
        for (int i = 0; i < loops.Count; i++) _index.Add(loops[i].Name, i);
    }

    /// <summary>Makes the door to the loops of a service, each with its own clock.</summary>
    public static LoopInboxes Of(IReadOnlyList<BuiltLoop> built)
    {
        ArgumentNullException.ThrowIfNull(built);
        return new LoopInboxes([.. built.Select(b => b.Loop)], i => built[i].Clock.Now);
    }

    /// <summary>Gets the loops. The list never changes.</summary>
    public IReadOnlyList<IControlLoop> Loops { get; }

    /// <summary>Hands an input to a loop.</summary>
    /// <returns>False when there is no such loop or its inbox is full.</returns>
    public bool Submit(string loop, LoopInputKind kind, double value) => Submit(loop, new LoopInput { Kind = kind, Value = value });

    /// <summary>Hands an input to a loop and sets when it arrived.</summary>
    /// <returns>False when there is no such loop or its inbox is full.</returns>
    public bool Submit(string loop, LoopInput input)
    {
        ArgumentNullException.ThrowIfNull(loop);
        if (!_index.TryGetValue(loop, out int index)) return false;
        lock (_locks[index])
        {
            input.Arrived = _now(index);
            return Loops[index].Inbox.TryWrite(input);
        }
    }

    /// <summary>Hands an input to every loop.</summary>
    /// <returns>False when an inbox is full; the others have it all the same.</returns>
    public bool SubmitAll(LoopInputKind kind, double value)
    {
        bool all = true;
        foreach (var loop in Loops) all &= Submit(loop.Name, kind, value);
        return all;
    }
}
