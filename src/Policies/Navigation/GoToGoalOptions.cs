using System.Globalization;

namespace EdgeAutonomy.Policies;

/// <summary>The body, the limits and the habits of a <see cref="GoToGoalPolicy"/>. Immutable; the defaults fit a small differential-drive rover.</summary>
public sealed record GoToGoalOptions
{
    /// <summary>Gets the radius of the disc that holds the whole robot; [0.05, 1]; default 0.18.</summary>
    public float RobotRadiusMetre { get; init; } = 0.18f;

    /// <summary>Gets the highest speed commanded; [0.05, 5]; default 1.</summary>
    public float MaxSpeedMetrePerSecond { get; init; } = 1.0f;

    /// <summary>Gets the highest turn rate commanded; [0.2, 10]; default 2.5.</summary>
    public float MaxTurnRateRadianPerSecond { get; init; } = 2.5f;

    /// <summary>Gets the deceleration that the robot surely reaches; [0.2, 20]; default 2.</summary>
    public float DecelerationMetrePerSecondSquared { get; init; } = 2.0f;

    /// <summary>Gets the time constant of the motors, by which the motion lags the command; [0, 1]; default 0.1.</summary>
    public float MotorTimeConstantSecond { get; init; } = 0.1f;

    /// <summary>Gets the time from a sensing to the motor's answer, without the motor's own time constant (t_a of the stopping bound); [0, 0.5]; default 0.03.</summary>
    public float ActuationLatencySecond { get; init; } = 0.03f;

    /// <summary>Gets the gap to an obstacle that is never given up on purpose; [0, 0.5]; default 0.04.</summary>
    public float HardMarginMetre { get; init; } = 0.04f;

    /// <summary>Gets the gap below which the robot slows down; [<see cref="HardMarginMetre"/>, 1]; default 0.16.</summary>
    public float SoftMarginMetre { get; init; } = 0.16f;

    /// <summary>Gets the highest speed while no range scan is there; [0.05, <see cref="MaxSpeedMetrePerSecond"/>]; default 0.65.</summary>
    public float EventsOnlySpeedMetrePerSecond { get; init; } = 0.65f;

    /// <summary>Gets the speed at which the robot enters what it has not seen; [0.02, <see cref="EventsOnlySpeedMetrePerSecond"/>]; default 0.25.</summary>
    public float CreepSpeedMetrePerSecond { get; init; } = 0.25f;

    /// <summary>Gets whether turns are taken from the gyroscope, whose bias is learnt at rest, instead of from the wheels; default true.</summary>
    /// <remarks>Off for a robot without a gyroscope, or one whose odometry is already corrected.</remarks>
    public bool UseGyro { get; init; } = true;

    /// <summary>Gets whether a goal that is replaced while the robot is near it counts as reached; default true.</summary>
    /// <remarks>Then each arrival corrects where later goals are looked for, and a goal that should have been reached but stays is searched
    /// for on a spiral. Off where goals are replaced before they are reached, or where the pose does not drift.</remarks>
    public bool LearnsFromArrivals { get; init; } = true;

    /// <summary>Gets how long the robot stands at the start to learn the gyroscope's bias; [0, 10]; default 0.5.</summary>
    public float StartRestSecond { get; init; } = 0.5f;

    /// <summary>Gets the edge of a cell of the obstacle memory; [0.05, 0.5]; default 0.125.</summary>
    public float CellMetre { get; init; } = 0.125f;

    /// <summary>Gets the cells along an edge of the memory, which moves with the robot; [32, 200]; default 80.</summary>
    public int GridCells { get; init; } = 80;

    /// <summary>Gets how long a ranged obstacle is remembered after it was last seen; [0.2, 60]; default 8.</summary>
    public float ScanMemorySecond { get; init; } = 8f;

    /// <summary>Gets how long an obstacle seen by events alone, with full confidence, is remembered; [0.1, 60]; default 25.</summary>
    public float EventMemorySecond { get; init; } = 25f;

    /// <summary>Gets the confidence below which a sector estimate is not believed; [0, 1]; default 0.1.</summary>
    public float MinConfidence { get; init; } = 0.1f;

    /// <summary>Gets the distance beyond which event-based ranges are not believed; [0.2, 10]; default 2.5.</summary>
    public float EventSightMetre { get; init; } = 2.5f;

    /// <summary>Gets the longest time for which a sector is left out of the sensing request; [0.05, 10]; default 0.5.</summary>
    public float MaxUnseenSecond { get; init; } = 0.5f;

    /// <summary>Gets after how many cycles a sensing request expires; [1, 1000]; default 8.</summary>
    public int RequestLifeCycles { get; init; } = 8;

    /// <summary>Gets the difference between one control step and two half steps that counts as just tolerable; [1e-6, 0.1]; default 2e-4.</summary>
    public float StepToleranceMetre { get; init; } = 2e-4f;

    /// <summary>Gets the path-planning work per millisecond of cycle time, in units of about 25 ns; [20, 10000]; default 100.</summary>
    public int PlanUnitsPerMillisecond { get; init; } = 100;

    /// <summary>Returns every error of these options, each in one sentence; empty when they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(errors, nameof(RobotRadiusMetre), RobotRadiusMetre, 0.05, 1);
        Check(errors, nameof(MaxSpeedMetrePerSecond), MaxSpeedMetrePerSecond, 0.05, 5);
        Check(errors, nameof(MaxTurnRateRadianPerSecond), MaxTurnRateRadianPerSecond, 0.2, 10);
        Check(errors, nameof(DecelerationMetrePerSecondSquared), DecelerationMetrePerSecondSquared, 0.2, 20);
        Check(errors, nameof(MotorTimeConstantSecond), MotorTimeConstantSecond, 0, 1);
        Check(errors, nameof(ActuationLatencySecond), ActuationLatencySecond, 0, 0.5);
        Check(errors, nameof(HardMarginMetre), HardMarginMetre, 0, 0.5);
        Check(errors, nameof(SoftMarginMetre), SoftMarginMetre, HardMarginMetre, 1);
        Check(errors, nameof(EventsOnlySpeedMetrePerSecond), EventsOnlySpeedMetrePerSecond, 0.05, MaxSpeedMetrePerSecond);
        Check(errors, nameof(CreepSpeedMetrePerSecond), CreepSpeedMetrePerSecond, 0.02, EventsOnlySpeedMetrePerSecond);
        Check(errors, nameof(StartRestSecond), StartRestSecond, 0, 10);
        Check(errors, nameof(CellMetre), CellMetre, 0.05, 0.5);
        Check(errors, nameof(GridCells), GridCells, 32, 200);
        Check(errors, nameof(ScanMemorySecond), ScanMemorySecond, 0.2, 60);
        Check(errors, nameof(EventMemorySecond), EventMemorySecond, 0.1, 60);
        Check(errors, nameof(MinConfidence), MinConfidence, 0, 1);
        Check(errors, nameof(EventSightMetre), EventSightMetre, 0.2, 10);
        Check(errors, nameof(MaxUnseenSecond), MaxUnseenSecond, 0.05, 10);
        Check(errors, nameof(RequestLifeCycles), RequestLifeCycles, 1, 1000);
        Check(errors, nameof(StepToleranceMetre), StepToleranceMetre, 1e-6, 0.1);
        Check(errors, nameof(PlanUnitsPerMillisecond), PlanUnitsPerMillisecond, 20, 10000);
        return errors;
    }

    private static void Check(List<string> errors, string name, double value, double low, double high)
    {
        // Written so that NaN fails too.
        if (!(value >= low && value <= high))
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"GoToGoal:{name} is {value:G6}; must be in [{low:G6}, {high:G6}]."));
    }
}
