namespace EdgeAutonomy.Learning;

/// <summary>A pendulum to be swung up with too weak a motor: Pendulum-v1 of Gymnasium 1.0.0.</summary>
/// <remarks>
/// State [θ rad (0 = upright, not wrapped), θ̇ rad/s] in float64, semi-implicit Euler steps of 50 ms, |θ̇| ≤ 8; the observation is (cos θ, sin θ, θ̇). The action is a
/// torque, clipped to ± 2 Nm. The reward is −(wrap(θ)² + 0.1·θ̇² + 0.001·u²) of the state before the step. It never ends by itself and is truncated after 200 steps.
/// First states: θ in ± π, θ̇ in ± 1, from this project's generator and not NumPy's.
/// </remarks>
public sealed class Pendulum : PhysicsEnvironment
{
    private const double Gravity = 10, Mass = 1, Length = 1, Tick = 0.05, LargestTorque = 2, LargestTurn = 8;

    /// <summary>Makes a pendulum.</summary>
    /// <param name="stepLimit">Steps after which an episode is truncated, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public Pendulum(int stepLimit = 200)
        : base("Pendulum-v1", new BoxSpace([-1, -1, -8], [1, 1, 8]), new BoxSpace([-2], [2]), 2, Tick, stepLimit)
    {
    }

    /// <summary>Returns an angle wrapped into [−π, π), as the cost of Gymnasium has it: ((θ + π) mod 2π) − π with a positive remainder.</summary>
    /// <param name="angle">The angle, in rad.</param>
    public static double Wrap(double angle)
    {
        double rest = (angle + Math.PI) % (2 * Math.PI);
        return (rest < 0 ? rest + 2 * Math.PI : rest) - Math.PI;
    }

    private protected override void Draw(CounterRandom random, Span<double> state)
    {
        state[0] = random.Uniform(0, -Math.PI, Math.PI);
        state[1] = random.Uniform(1, -1, 1);
    }

    private protected override (double Reward, bool Terminated) Advance(ReadOnlySpan<float> action, Span<double> state)
    {
        double angle = state[0], turn = state[1], torque = Math.Clamp((double)action[0], -LargestTorque, LargestTorque), error = Wrap(angle);
        double cost = error * error + 0.1 * (turn * turn) + 0.001 * (torque * torque);
        double rate = 3 * Gravity / (2 * Length) * DeterministicMath.Sin(angle) + 3 / (Mass * (Length * Length)) * torque;
        double next = Math.Clamp(turn + rate * Tick, -LargestTurn, LargestTurn);
        state[0] = angle + next * Tick;
        state[1] = next;
        return (-cost, false);
    }

    private protected override void Observe(ReadOnlySpan<double> state, Span<float> observation)
    {
        var (sin, cos) = DeterministicMath.SinCos(state[0]);
        observation[0] = (float)cos;
        observation[1] = (float)sin;
        observation[2] = (float)state[1];
    }
}
