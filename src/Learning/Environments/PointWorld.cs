namespace EdgeAutonomy.Learning;

/// <summary>A mass of 20 kg that is pushed to a target past an obstacle, in a square with walls and friction.</summary>
/// <remarks>
/// The world of SEAC and MOSEAC (arXiv 2402.14961, 2406.01521) with their constants, and without the defects of its published code: friction opposes the
/// velocity and brings the mass to an exact stop, the norm of the velocity is limited, walls are inelastic, and the obstacle and the target are tested along
/// the path of every tick, so that a long hold cannot tunnel. State: [place x, y m, obstacle x, y, target x, y, velocity x, y m/s, force x, y N, seconds since
/// the force last changed, index of the <see cref="Weather"/>], places in ± 1. Observation [15]: place, obstacle, target, velocity, those seconds, force / 100
/// N, weather one-hot. Discrete actions: 0 = no force, 1 … 8 = 80 N at 0°, 45° … 315°. Reward per tick of 10 ms: −(distance to the target in m)·0.01, but +100
/// on reaching the target and −100 on touching the obstacle, both within 0.05 m and both the end; where one tick does both, it is a collision.
/// </remarks>
public sealed class PointWorld : PhysicsEnvironment
{
    /// <summary>The distance at which the obstacle is touched and the target reached, in m.</summary>
    public const double Radius = 0.05;

    internal const double Tick = 0.01, Mass = 20;
    private const double Gravity = 9.80665, ForceLimit = 100, DiscreteForce = 80, SpeedLimit = 2, EndReward = 100, LongestHold = 20;
    private const int Obstacle = 2, Target = 4, Velocity = 6, Force = 8, Held = 10, Ground = 11;
    private readonly Weather? _weather;
    private readonly bool _continuous;

    /// <summary>Makes a world.</summary>
    /// <param name="options">How it is set up; null = the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1, or the weather is unknown.</exception>
    public PointWorld(PointWorldOptions? options = null)
        : this(options ?? new PointWorldOptions(), 0)
    {
    }

    private PointWorld(PointWorldOptions options, int _)
        : base("PointWorld-v1", Bounds(), options.Continuous ? new BoxSpace([-100, -100], [100, 100]) : new DiscreteSpace(9), 12, Tick, options.TickLimit)
    {
        if (options.Weather is { } weather && !Enum.IsDefined(weather)) throw new ArgumentOutOfRangeException(nameof(options), $"{Name}: weather {weather} is unknown.");
        (_weather, _continuous) = (options.Weather, options.Continuous);
    }

    private protected override void Draw(CounterRandom random, Span<double> state)
    {
        state.Clear();
        ulong counter = 1;
        do
        {
            for (int i = 0; i < Velocity; i++) state[i] = random.Uniform(counter++, -1, 1);
        }
        while (Distance(state, 0, Obstacle) <= Radius || Distance(state, 0, Target) <= Radius || Distance(state, Obstacle, Target) <= Radius);
        state[Ground] = _weather is { } weather ? (int)weather : Math.Floor(4 * random.Uniform(0));
    }

    private protected override (double Reward, bool Terminated) Advance(ReadOnlySpan<float> action, Span<double> state)
    {
        double fx, fy;
        if (_continuous) (fx, fy) = (Math.Clamp((double)action[0], -ForceLimit, ForceLimit), Math.Clamp((double)action[1], -ForceLimit, ForceLimit));
        else (fx, fy) = Direction((int)action[0]);
        state[Held] = fx == state[Force] && fy == state[Force + 1] ? Math.Min(LongestHold, state[Held] + Tick) : Tick;
        (state[Force], state[Force + 1]) = (fx, fy);
        double x = state[0], y = state[1];
        Move(state, Mass * Gravity * Friction((Weather)(int)state[Ground]));
        if (Near(x, y, state[0], state[1], state[Obstacle], state[Obstacle + 1])) return (-EndReward, true);
        if (Near(x, y, state[0], state[1], state[Target], state[Target + 1])) return (EndReward, true);
        return (-Distance(state, 0, Target) * Tick, false);
    }

    private protected override void Observe(ReadOnlySpan<double> state, Span<float> observation)
    {
        for (int i = 0; i < Force; i++) observation[i] = (float)state[i];
        observation[8] = (float)state[Held];
        observation[9] = (float)(state[Force] / ForceLimit);
        observation[10] = (float)(state[Force + 1] / ForceLimit);
        for (int i = 0; i < 4; i++) observation[11 + i] = (int)state[Ground] == i ? 1 : 0;
    }

    private protected override bool IsPossible(ReadOnlySpan<double> state)
    {
        for (int i = 0; i < Velocity; i++)
        {
            if (Math.Abs(state[i]) > 1) return false;
        }
        return state[Ground] is 0 or 1 or 2 or 3;
    }

    // One tick in parts: friction is constant from one zero crossing of the velocity (along its old direction) to the next.
    private static void Move(Span<double> s, double friction)
    {
        const int Parts = 4;
        double fx = s[Force], fy = s[Force + 1], force = Math.Sqrt(fx * fx + fy * fy), left = Tick;
        double vx = s[Velocity], vy = s[Velocity + 1];
        for (int part = 0; part < Parts && left > 0; part++)
        {
            double speed = Math.Sqrt(vx * vx + vy * vy);
            bool rests = speed < 1e-12;
            if (rests && force <= friction) break;
            double along = rests ? force : speed, ax = (fx - friction * (rests ? fx : vx) / along) / Mass, ay = (fy - friction * (rests ? fy : vy) / along) / Mass;
            // The component along the old velocity falls from speed to zero after this time, if it falls.
            double fall = rests ? 0 : -(ax * vx + ay * vy) / speed, span = fall * left > speed ? speed / fall : left;
            double nx = vx + ax * span, ny = vy + ay * span, scale = Math.Min(1, SpeedLimit / Math.Max(1e-300, Math.Sqrt(nx * nx + ny * ny)));
            (nx, ny) = (nx * scale, ny * scale);
            s[0] += 0.5 * (vx + nx) * span;
            s[1] += 0.5 * (vy + ny) * span;
            (vx, vy) = (nx, ny);
            left -= span;
        }
        // What still turns round after so many parts under a force that friction can hold has come to rest.
        if (force <= friction && (left > 0 || vx * vx + vy * vy < 1e-24)) (vx, vy) = (0, 0);
        (s[0], vx) = Math.Abs(s[0]) > 1 ? (Math.CopySign(1, s[0]), 0) : (s[0], vx);
        (s[1], vy) = Math.Abs(s[1]) > 1 ? (Math.CopySign(1, s[1]), 0) : (s[1], vy);
        (s[Velocity], s[Velocity + 1]) = (vx, vy);
    }

    private static double Friction(Weather weather) => weather switch { Weather.Sun => 0.6, Weather.Rain => 0.4, Weather.Snow => 0.28, _ => 0.18 };

    private static (double X, double Y) Direction(int action)
    {
        if (action == 0) return (0, 0);
        var (sin, cos) = DeterministicMath.SinCos((action - 1) * (Math.PI / 4));
        return (DiscreteForce * cos, DiscreteForce * sin);
    }

    private static double Distance(ReadOnlySpan<double> s, int a, int b) => Math.Sqrt((s[a] - s[b]) * (s[a] - s[b]) + (s[a + 1] - s[b + 1]) * (s[a + 1] - s[b + 1]));

    private static bool Near(double x0, double y0, double x1, double y1, double x, double y)
    {
        double dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy, t = length > 0 ? Math.Clamp(((x - x0) * dx + (y - y0) * dy) / length, 0, 1) : 0;
        double ex = x0 + t * dx - x, ey = y0 + t * dy - y;
        return ex * ex + ey * ey <= Radius * Radius;
    }

    private static BoxSpace Bounds()
    {
        ReadOnlySpan<float> high = [1, 1, 1, 1, 1, 1, 2, 2, 20, 1, 1, 1, 1, 1, 1], low = [-1, -1, -1, -1, -1, -1, -2, -2, 0, -1, -1, 0, 0, 0, 0];
        return new BoxSpace(low, high);
    }
}
