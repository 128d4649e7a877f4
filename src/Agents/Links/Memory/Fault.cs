namespace EdgeAutonomy.Agents;

/// <summary>One thing that goes wrong, as plain data: made by the factories below or by <see cref="FaultPlan.Generate"/>.</summary>
/// <remarks>
/// A fault acts from <see cref="From"/> on and until <see cref="Until"/>, in the hub's time. Faults of messages act on the way from the hub to the
/// receiver, after the publisher got its acknowledgement: what a broker acknowledged may still be lost, doubled, late or damaged on its way on.
/// Where <see cref="FaultScope.Hub"/> is named the way between a client and the hub itself is cut, as when a cable is pulled.
/// </remarks>
public sealed record Fault
{
    private Fault(FaultKind kind, Stamp from, Stamp until) => (Kind, From, Until) = (kind, from, until);

    /// <summary>Gets what goes wrong.</summary>
    public FaultKind Kind { get; init; }

    /// <summary>Gets when it begins.</summary>
    public Stamp From { get; init; }

    /// <summary>Gets when it ends; for instants the same as <see cref="From"/>.</summary>
    public Stamp Until { get; init; }

    /// <summary>Gets which messages are concerned.</summary>
    public FaultScope Scope { get; init; }

    /// <summary>Gets the probability per message, 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Gets how many further copies a duplicated message has.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Gets the added delay, for duplicates that of the copies.</summary>
    public DelayModel Delay { get; init; }

    /// <summary>Gets whether even messages of quality 1 on one topic from one publisher change their order, which no broker does.</summary>
    public bool BreakOrder { get; init; }

    /// <summary>Gets the groups of a partition, as client ids; who is in none is in a group of its own with all others that are in none.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Groups { get; init; } = [];

    /// <summary>Gets the client concerned.</summary>
    public string? Client { get; init; }

    /// <summary>Gets how a client is disconnected.</summary>
    public DisconnectMode Mode { get; init; }

    /// <summary>Gets the instant whose state a crashed hub comes back with, or whose kept messages return; at or before <see cref="From"/>,
    /// and not before the plan is applied: what is past then cannot be brought back, so the state of that moment is taken.</summary>
    public Stamp RollbackTo { get; init; }

    /// <summary>Gets whether a restarted hub still has its sessions and kept messages.</summary>
    public bool KeepState { get; init; }

    /// <summary>Gets how far a clock jumps; negative = backwards.</summary>
    public Duration Jump { get; init; }

    /// <summary>Gets whether the monotonic clock jumps too, as after a suspension of the machine; only forwards.</summary>
    public bool JumpsMonotonic { get; init; }

    /// <summary>Gets how many messages per second a slow client takes.</summary>
    public double RatePerSecond { get; init; }

    /// <summary>Gets how many messages wait for a slow client before the hub drops.</summary>
    public int QueueLimit { get; init; }

    /// <summary>Gets what the fault's own random stream is seeded with besides the hub's seed, so that its draws stay the same when others are removed.</summary>
    public ulong Salt { get; init; }

    /// <summary>Loses messages.</summary>
    public static Fault Drop(double probability, FaultScope scope, Stamp from, Stamp until) =>
        new(FaultKind.Drop, from, until) { Probability = probability, Scope = scope };

    /// <summary>Doubles messages; the copies come later by <paramref name="spread"/>.</summary>
    public static Fault Duplicate(double probability, int copies, DelayModel spread, FaultScope scope, Stamp from, Stamp until) =>
        new(FaultKind.Duplicate, from, until) { Probability = probability, Copies = copies, Delay = spread, Scope = scope };

    /// <summary>Delays messages; the order of a publisher's messages to a receiver stays.</summary>
    public static Fault Delayed(DelayModel delay, FaultScope scope, Stamp from, Stamp until) => new(FaultKind.Delay, from, until) { Delay = delay, Scope = scope };

    /// <summary>Delays every message by its own share of a window. Messages of quality 1 on one topic from one publisher keep their order unless told otherwise.</summary>
    public static Fault Reorder(Duration window, FaultScope scope, Stamp from, Stamp until, bool breakOrder = false) =>
        new(FaultKind.Reorder, from, until) { Delay = DelayModel.Uniform(Duration.Zero, window), Scope = scope, BreakOrder = breakOrder };

    /// <summary>Cuts clients off from each other. Where a group contains <see cref="FaultScope.Hub"/> all others are cut off from the hub; else every client keeps its
    /// connection and messages between groups are lost, as in a broken cluster of brokers.</summary>
    public static Fault Partition(IReadOnlyList<IReadOnlyList<string>> groups, Stamp from, Stamp until) => new(FaultKind.Partition, from, until) { Groups = groups };

    /// <summary>Cuts the way from one client to another; either may be <see cref="FaultScope.Hub"/>.</summary>
    public static Fault OneWay(string publisher, string receiver, Stamp from, Stamp until) =>
        new(FaultKind.OneWay, from, until) { Scope = new FaultScope(publisher, receiver) };

    /// <summary>Disconnects a client and keeps it away until the end.</summary>
    public static Fault Disconnect(string client, DisconnectMode mode, Stamp from, Stamp until) => new(FaultKind.Disconnect, from, until) { Client = client, Mode = mode };

    /// <summary>Lets a stranger take a client's name for an instant; the session is the stranger's and then gone.</summary>
    public static Fault TakeOver(string client, Stamp at) => new(FaultKind.TakeOver, at, at) { Client = client };

    /// <summary>Kills the hub; it comes back at the end with what it had at <paramref name="rollbackTo"/>: later messages are forgotten although acknowledged, and
    /// delivered ones may come again. No wills: who would send them died too.</summary>
    public static Fault HubCrash(Stamp rollbackTo, Stamp from, Stamp until) => new(FaultKind.HubCrash, from, until) { RollbackTo = rollbackTo };

    /// <summary>Stops the hub and starts it at the end.</summary>
    public static Fault HubRestart(bool keepState, Stamp from, Stamp until) => new(FaultKind.HubRestart, from, until) { KeepState = keepState };

    /// <summary>Lets a client's wall clock jump, and its monotonic clock too where asked.</summary>
    public static Fault ClockJump(string client, Duration jump, Stamp at, bool monotonic = false) =>
        new(FaultKind.ClockJump, at, at) { Client = client, Jump = jump, JumpsMonotonic = monotonic };

    /// <summary>Slows a receiver down.</summary>
    public static Fault SlowConsumer(string client, double ratePerSecond, int queueLimit, Stamp from, Stamp until) =>
        new(FaultKind.SlowConsumer, from, until) { Client = client, RatePerSecond = ratePerSecond, QueueLimit = queueLimit };

    /// <summary>Damages payloads: bits flipped, bytes cut off or added.</summary>
    public static Fault Corrupt(double probability, FaultScope scope, Stamp from, Stamp until) =>
        new(FaultKind.Corrupt, from, until) { Probability = probability, Scope = scope };

    /// <summary>Turns the kept messages of the topics of a filter into those of <paramref name="at"/> − <paramref name="age"/>, and sends them to those who subscribed.</summary>
    public static Fault StaleRetained(string topic, Duration age, Stamp at) =>
        new(FaultKind.StaleRetained, at, at) { Scope = new FaultScope(Topic: topic), RollbackTo = at - age };

    /// <inheritdoc/>
    public override string ToString() => FaultText.Of(this);
}
