namespace EdgeAutonomy.Agents;

/// <summary>What the missions of MissionWorld are about.</summary>
public enum MissionFamily
{
    /// <summary>Fetch items, have them processed where their class needs it, deliver them.</summary>
    FetchProcessDeliver,

    /// <summary>Inspect points and report.</summary>
    InspectReport,

    /// <summary>Both.</summary>
    Mixed,
}
