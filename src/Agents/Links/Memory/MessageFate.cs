namespace EdgeAutonomy.Agents;

/// <summary>What the faults make of one delivery.</summary>
internal struct MessageFate
{
    public long DelayNs;

    /// <summary>Whether it may overtake, and be overtaken by, others of its publisher.</summary>
    public bool Loose;

    public bool BreakOrder;
    public int Copies;
    public long CopyDelayNs;

    /// <summary>The damaged copy that goes instead; its one count belongs to the delivery.</summary>
    public HubMessage? Damaged;
}
