namespace EdgeAutonomy.Recording;

/// <summary>Names of the channels in a recording.</summary>
public static class RecordedTopic
{
    /// <summary>The surroundings of simulated robots.</summary>
    public const string World = "/world";

    /// <summary>What a mission agent decided: one JSON object for each decision and for each end of a mission.</summary>
    public const string Decisions = "/agent/decisions";

    /// <summary>How a fleet stands: robots, tasks, leases, links.</summary>
    public const string Fleet = "/fleet";

    /// <summary>Returns the channel of a loop's cycle records.</summary>
    public static string Cycle(string loop) => $"/loop/{loop}/cycle";

    /// <summary>Returns the channel of a loop's keyframes.</summary>
    public static string Keyframe(string loop) => $"/loop/{loop}/keyframe";

    /// <summary>Returns the channel of a loop's gaps.</summary>
    public static string Gap(string loop) => $"/loop/{loop}/gap";
}
