using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>The contract of a joint policy for a differential-drive robot: 41 numbers in, fourteen motions and the loop's periods out.</summary>
/// <remarks>Immutable and the same for equal options; its hash is what ties a trained file to a robot.</remarks>
public static class JointSchema
{
    /// <summary>Sectors round the robot, the first one ahead, then counter-clockwise.</summary>
    public const int Sectors = 12;

    /// <summary>Moving objects looked at, the nearest ones.</summary>
    public const int Movers = 2;

    /// <summary>How far away things count, metres.</summary>
    public const float Sight = 2.5f;

    /// <summary>The motion that the rules would choose.</summary>
    public const int ByRules = 1;

    /// <summary>Where the motions begin that drive; before them rest, what the rules would do, a turn towards the place driven to, a turn away from it.</summary>
    internal const int FirstDrive = 4;

    private const string SpeedCap = "speed_cap_mps";

    // 1/m beside the arc that leads to the place driven to; slow motions may turn more tightly.
    private static readonly double[] FastOffsets = [0, 0.67, -0.67, 2.2, -2.2], SlowOffsets = [0, 1.3, -1.3, 3.6, -3.6];

    /// <summary>Makes the contract.</summary>
    /// <param name="options">Body and limits of the robot.</param>
    /// <param name="grid">Periods of its loop.</param>
    public static PolicySchema For(GoToGoalOptions options, PeriodGrid grid)
    {
        return new PolicySchema
        {
            Robot = "differential-drive",
            Inputs = [.. Inputs(options, grid)],
            // Relative to the arc that leads to the place driven to: heading straight for it is then one action, whatever the bearing.
            ActionNames = ["speed_share", "curvature_offset_per_m", "by_rules"],
            Actions = [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, -1, 0], .. SlowOffsets.Select(c => (IReadOnlyList<double>)[0.5, c, 0]), .. FastOffsets.Select(c => (IReadOnlyList<double>)[1, c, 0])],
            PeriodsUs = [.. Enumerable.Range(0, grid.Count).Select(i => grid[i].Nanoseconds / 1000)],
        };
    }

    /// <summary>Returns the top speed that a policy was trained for, in metres per second; null where the contract is not of this kind.</summary>
    /// <param name="schema">The contract on its card.</param>
    public static double? TrainedSpeed(PolicySchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return schema.Inputs.FirstOrDefault(i => i.Name == SpeedCap)?.High;
    }

    private static IEnumerable<PolicyInput> Inputs(GoToGoalOptions options, PeriodGrid grid)
    {
        double v = options.MaxSpeedMetrePerSecond, w = options.MaxTurnRateRadianPerSecond;
        yield return new("target_cos", -1, 1);
        yield return new("target_sin", -1, 1);
        yield return new("target_distance_m", 0, 3);
        yield return new(SpeedCap, 0, v);
        for (int i = 0; i < Sectors; i++) yield return new($"gap_{i * 360 / Sectors}deg_m", 0, Sight);
        for (int i = FirstDrive; i < FirstDrive + SlowOffsets.Length + FastOffsets.Length; i++) yield return new($"free_action{i}_m", 0, ArcTable.Reach);
        yield return new("linear_mps", -v, v);
        yield return new("angular_radps", -w, w);
        yield return new("last_linear_mps", -v, v);
        yield return new("last_angular_radps", -w, w);
        yield return new("rules_linear_mps", -v, v);
        yield return new("rules_angular_radps", -w, w);
        yield return new("period_rung", 0, Math.Max(1, grid.Count - 1));
        yield return new("grow_votes", 0, 1);
        for (int i = 0; i < Movers; i++)
        {
            yield return new($"mover{i}_x_m", -3, 3);
            yield return new($"mover{i}_y_m", -3, 3);
            yield return new($"mover{i}_vx_mps", -1.5, 1.5);
            yield return new($"mover{i}_vy_mps", -1.5, 1.5);
        }
    }
}
