namespace EdgeAutonomy.Learning;

/// <summary>What an attributor sees of a step beside the chosen command.</summary>
public enum AttributorInput
{
    /// <summary>State and last event: what any policy of the mission's shape sees, without memory.</summary>
    View,

    /// <summary>The policy's own encoding of the whole history, as it was when it acted; no gradient goes back into the policy.</summary>
    Encoding,
}
