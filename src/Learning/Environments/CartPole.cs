namespace EdgeAutonomy.Learning;

/// <summary>A pole on a cart that is pushed left or right: CartPole-v1 of Gymnasium 1.0.0 (Barto, Sutton and Anderson 1983).</summary>
/// <remarks>
/// State [x m, ẋ m/s, θ rad, θ̇ rad/s] in float64, advanced by explicit Euler steps of 20 ms (positions use the old velocities); the observation is the state in
/// float32. Action 1 pushes with +10 N, action 0 with −10 N. Ends where |x| &gt; 2.4 m or |θ| &gt; 12°, truncated after 500 steps. First states are uniform in
/// ± 0.05, from this project's generator and not NumPy's. Sine and cosine are <see cref="DeterministicMath"/>'s: the same bits on every machine.
/// </remarks>
public sealed class CartPole : PhysicsEnvironment
{
    /// <summary>Mean return over 100 episodes from which on Gymnasium calls the task solved.</summary>
    public const double SolvedReturn = 475;

    private const double Gravity = 9.8, PoleMass = 0.1, TotalMass = 1.1, HalfLength = 0.5, PoleMassLength = PoleMass * HalfLength, Push = 10, Tick = 0.02;
    private const double LargestPlace = 2.4, LargestAngle = 12 * 2 * Math.PI / 360;
    private readonly bool _suttonBarto;

    /// <summary>Makes a cart.</summary>
    /// <param name="suttonBartoReward">Whether the reward is 0 per step and −1 for falling, instead of 1 per step (the last one included).</param>
    /// <param name="stepLimit">Steps after which an episode is truncated, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public CartPole(bool suttonBartoReward = false, int stepLimit = 500)
        : base("CartPole-v1", Bounds(), new DiscreteSpace(2), 4, Tick, stepLimit) => _suttonBarto = suttonBartoReward;

    private protected override void Draw(CounterRandom random, Span<double> state)
    {
        for (int i = 0; i < state.Length; i++) state[i] = random.Uniform((ulong)i, -0.05, 0.05);
    }

    private protected override (double Reward, bool Terminated) Advance(ReadOnlySpan<float> action, Span<double> state)
    {
        double force = action[0] == 1 ? Push : -Push, place = state[0], speed = state[1], angle = state[2], turn = state[3];
        var (sin, cos) = DeterministicMath.SinCos(angle);
        double temp = (force + PoleMassLength * (turn * turn) * sin) / TotalMass;
        double turnRate = (Gravity * sin - cos * temp) / (HalfLength * (4.0 / 3.0 - PoleMass * (cos * cos) / TotalMass));
        double speedRate = temp - PoleMassLength * turnRate * cos / TotalMass;
        state[0] = place + Tick * speed;
        state[1] = speed + Tick * speedRate;
        state[2] = angle + Tick * turn;
        state[3] = turn + Tick * turnRate;
        bool fallen = Math.Abs(state[0]) > LargestPlace || Math.Abs(state[2]) > LargestAngle;
        return (_suttonBarto ? (fallen ? -1 : 0) : 1, fallen);
    }

    private protected override void Observe(ReadOnlySpan<double> state, Span<float> observation)
    {
        for (int i = 0; i < state.Length; i++) observation[i] = (float)state[i];
    }

    // Twice the limits, as Gymnasium states them: the observation that ends an episode lies inside as well.
    private static BoxSpace Bounds()
    {
        ReadOnlySpan<float> high = [(float)(2 * LargestPlace), float.PositiveInfinity, (float)(2 * LargestAngle), float.PositiveInfinity];
        return new BoxSpace([-high[0], -high[1], -high[2], -high[3]], high);
    }
}
