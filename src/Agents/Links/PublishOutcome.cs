namespace EdgeAutonomy.Agents;

/// <summary>What became of a message.</summary>
public enum PublishOutcome : byte
{
    /// <summary>Handed over; nothing is known yet.</summary>
    Sent,

    /// <summary>The broker has it.</summary>
    Acknowledged,

    /// <summary>The broker refused it; the reason code says why.</summary>
    Refused,

    /// <summary>Never went out.</summary>
    Dropped,

    /// <summary>The link went down after it was handed over and before the broker's word: it may or may not arrive, now or later.</summary>
    Unknown,
}
