namespace EdgeAutonomy.Agents;

/// <summary>The members of fleet messages.</summary>
internal enum FleetField : byte
{
    Unknown,
    Version,
    Incarnation,
    Sequence,
    Epoch,
    Time,
    Task,
    Holder,
    HolderIncarnation,
    DurationNs,
    Roster,
    Granted,
    Commit,
    Release,
    Revision,
    Known,
    Candidate,
    Preliminary,
    State,
    Class,
    X,
    Y,
    Map,
    Seconds,
    Reward,
    Kind,
    By,
    Why,
    OnLoss,
    Percent,
    Robots,
    Stamps,
    Tasks,
    Bids,
    Winners,
    Software,
    Capabilities,
    Voter,
}

/// <summary>The names of the members.</summary>
internal static class FleetFields
{
    private static readonly (byte[] Name, FleetField Field)[] Names =
    [
        ("v"u8.ToArray(), FleetField.Version), ("inc"u8.ToArray(), FleetField.Incarnation), ("seq"u8.ToArray(), FleetField.Sequence),
        ("epoch"u8.ToArray(), FleetField.Epoch), ("t"u8.ToArray(), FleetField.Time), ("task"u8.ToArray(), FleetField.Task),
        ("holder"u8.ToArray(), FleetField.Holder), ("holderInc"u8.ToArray(), FleetField.HolderIncarnation), ("ns"u8.ToArray(), FleetField.DurationNs),
        ("roster"u8.ToArray(), FleetField.Roster), ("granted"u8.ToArray(), FleetField.Granted), ("commit"u8.ToArray(), FleetField.Commit),
        ("release"u8.ToArray(), FleetField.Release), ("rev"u8.ToArray(), FleetField.Revision), ("known"u8.ToArray(), FleetField.Known),
        ("candidate"u8.ToArray(), FleetField.Candidate), ("pre"u8.ToArray(), FleetField.Preliminary), ("state"u8.ToArray(), FleetField.State),
        ("class"u8.ToArray(), FleetField.Class), ("x"u8.ToArray(), FleetField.X), ("y"u8.ToArray(), FleetField.Y), ("map"u8.ToArray(), FleetField.Map),
        ("seconds"u8.ToArray(), FleetField.Seconds), ("reward"u8.ToArray(), FleetField.Reward), ("kind"u8.ToArray(), FleetField.Kind),
        ("by"u8.ToArray(), FleetField.By), ("why"u8.ToArray(), FleetField.Why), ("onLoss"u8.ToArray(), FleetField.OnLoss),
        ("percent"u8.ToArray(), FleetField.Percent), ("robots"u8.ToArray(), FleetField.Robots), ("stamps"u8.ToArray(), FleetField.Stamps),
        ("tasks"u8.ToArray(), FleetField.Tasks), ("bids"u8.ToArray(), FleetField.Bids), ("winners"u8.ToArray(), FleetField.Winners),
        ("software"u8.ToArray(), FleetField.Software), ("capabilities"u8.ToArray(), FleetField.Capabilities), ("voter"u8.ToArray(), FleetField.Voter),
    ];

    // Names are few and short; the first byte and the length rule nearly all of them out.
    public static FleetField Of(ReadOnlySpan<byte> name)
    {
        foreach (var (known, field) in Names)
        {
            if (known.Length == name.Length && known[0] == name[0] && name.SequenceEqual(known)) return field;
        }
        return FleetField.Unknown;
    }
}
