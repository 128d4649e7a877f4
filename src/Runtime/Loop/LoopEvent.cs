using System.Globalization;

namespace EdgeAutonomy.Runtime;

/// <summary>One thing worth telling a person: made on the loop thread as plain data, turned into text elsewhere.</summary>
public struct LoopEvent
{
    /// <summary>What happened.</summary>
    public LoopEventKind Kind;

    /// <summary>In which cycle.</summary>
    public ulong CycleId;

    /// <summary>When, in logical time.</summary>
    public Stamp Tag;

    /// <summary>Which stage, or −1.</summary>
    public int Stage;

    /// <summary>The status of that stage.</summary>
    public StageStatus Status;

    /// <summary>The rung before.</summary>
    public Rung From;

    /// <summary>The rung after.</summary>
    public Rung To;

    /// <summary>Why the rung changed.</summary>
    public RungReason Reason;

    /// <summary>The value that decided.</summary>
    public double Value;

    /// <summary>The limit it was held against.</summary>
    public double Limit;

    /// <summary>The exception that left a stage, if one did.</summary>
    public Exception? Error;

    internal static LoopEvent RungChanged(Cycle cycle, Rung before, HealthLadder ladder) => new()
    {
        Kind = LoopEventKind.RungChanged, CycleId = cycle.Id, Tag = cycle.Tag, Stage = -1,
        From = before, To = cycle.Rung, Reason = ladder.Reason, Value = ladder.Value, Limit = ladder.Limit,
    };

    /// <summary>Returns one sentence: what, where, the value, the rule, what follows.</summary>
    /// <param name="loop">The loop's name.</param>
    /// <param name="stages">The names of its stages.</param>
    public readonly string ToText(string loop, IReadOnlyList<string> stages)
    {
        string where = Stage >= 0 && Stage < stages.Count ? $"Loop '{loop}' stage '{stages[Stage]}'" : $"Loop '{loop}'";
        var c = CultureInfo.InvariantCulture;
        return Kind switch
        {
            LoopEventKind.RungChanged when To > From => string.Create(c, $"{where}: {Reason.Describe(Value, Limit)}; rung {(int)From} {From} -> {(int)To} {To}."),
            LoopEventKind.RungChanged => string.Create(c, $"{where}: conditions met again; rung {(int)From} {From} -> {(int)To} {To}."),
            LoopEventKind.BudgetMissed => string.Create(c, $"{where}: took {Value:0.#} us, budget is {Limit:0.#} us."),
            LoopEventKind.BudgetMet => string.Create(c, $"{where}: meets its budget of {Limit:0.#} us again."),
            LoopEventKind.StageFailed when Error is not null => $"{where}: {Error.GetType().Name}: {Error.Message}; counted as {Status}, the guard holds the last command.",
            LoopEventKind.StageFailed => $"{where}: {Status}; the guard holds the last command.",
            LoopEventKind.StageRecovered => $"{where}: works again.",
            LoopEventKind.SlotsSkipped => string.Create(c, $"{where}: woke {Value:0.#} ms late, {Limit:0} slots skipped."),
            _ => $"{where}: {Kind}.",
        };
    }
}
