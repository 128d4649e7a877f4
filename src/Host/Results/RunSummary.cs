using System.Text.Json.Serialization;

namespace EdgeAutonomy.Host;

/// <summary>What a run of robots came to: the keys that <c>demo</c> and <c>sim</c> promise.</summary>
public sealed record RunSummary
{
    /// <summary>Gets the seed the run can be repeated with.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Gets how many robots ran.</summary>
    public required int Robots { get; init; }

    /// <summary>Gets how many episodes ran; only <c>sim</c> has them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Episodes { get; init; }

    /// <summary>Gets simulated seconds, of all episodes together.</summary>
    public required double SimSeconds { get; init; }

    /// <summary>Gets the seconds it took.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Gets the cycles of all loops together.</summary>
    public required long Cycles { get; init; }

    /// <summary>Gets how many goals were reached.</summary>
    public required long GoalsReached { get; init; }

    /// <summary>Gets how many times a robot touched something.</summary>
    public required long Collisions { get; init; }

    /// <summary>Gets how many missions were completed.</summary>
    public required long MissionsDone { get; init; }

    /// <summary>Gets what each mission came to; null where none were driven.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MissionRow>? Missions { get; init; }

    /// <summary>Gets what the fleet's tasks came to; null where none were shared out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FleetSummary? Fleet { get; init; }

    /// <summary>Gets the share of missions that succeeded; only <c>sim --missions</c> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Rate? MissionRate { get; init; }

    /// <summary>Gets the hash of everything that was sensed, decided and done; equal on every processor.</summary>
    public required string StateHash { get; init; }

    /// <summary>Gets the time of a cycle's work.</summary>
    public required LatencyUs LatencyUs { get; init; }

    /// <summary>Gets the bytes allocated on the loop threads per cycle.</summary>
    public required double AllocatedBytesPerCycle { get; init; }

    /// <summary>Gets the estimated energy of sensing, computing and driving.</summary>
    public required double EnergyJoules { get; init; }

    /// <summary>Gets what was recorded; null when nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RecordingRow? Recording { get; init; }

    /// <summary>Gets the share of robot episodes with a goal reached and nothing touched; only <c>sim</c> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Rate? SuccessRate { get; init; }

    /// <summary>Gets the share of goals reached of those reached or given up when their time ran out; a goal still under way at the end counts as neither. Only <c>sim</c> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Rate? GoalRate { get; init; }

    /// <summary>Gets the share of robot episodes with a collision; only <c>sim</c> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Rate? CollisionRate { get; init; }

    /// <summary>Gets one row per stage, all robots together; in simulation the first one holds the world and its rendering.</summary>
    public required IReadOnlyList<StageRow> Stages { get; init; }

    /// <summary>Gets one row per robot.</summary>
    public required IReadOnlyList<RobotRow> PerRobot { get; init; }
}
