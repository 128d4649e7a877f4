using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Learning;

/// <summary>Integrates three bodies by the 4th-order Hermite scheme with one step shared by all bodies.</summary>
/// <remarks>
/// Source: AMUSE <c>community/hermite/interface.cc</c>; Makino and Aarseth, PASJ 44, 1992. With the defaults it is the integrator of the published experiment
/// (arXiv 2502.12809): one evaluation per step, the next step starting from acceleration, jerk and collision time of the <em>predicted</em> state, and one
/// evaluation at the start of a call, which is no step. AMUSE's own parameter is 0.03.
/// </remarks>
public sealed class HermiteIntegrator : IThreeBodyIntegrator
{
    private readonly HermiteOptions _options;
    private readonly bool _isPlain;

    /// <summary>Creates an integrator.</summary>
    /// <param name="options">What it does; null for the published form.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public HermiteIntegrator(HermiteOptions? options = null)
    {
        _options = options ?? new HermiteOptions();
        _options.Validate();
        _isPlain = _options is { Control: StepControl.Collision, Rounds: 1, Compensated: false };
        Name = _options.Control == StepControl.Collision ? "hermite" : "hermite-" + _options.Control.ToString().ToLowerInvariant();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Order => 4;

    /// <summary>Gets what it does.</summary>
    public HermiteOptions Options => _options;

    /// <inheritdoc/>
    public IntegrationResult Advance(ref ThreeBodyState state, double end, double parameter)
    {
        OrbitStep.Validate(state, end, parameter);
        if (_isPlain && Vector256.IsHardwareAccelerated) return AdvancePlain(ref state, end, parameter);
        bool isFixed = _options.Control == StepControl.Fixed;
        if (isFixed && end <= state.Time) return new IntegrationResult(0, 0, IntegrationOutcome.Reached);
        long planned = isFixed ? OrbitStep.Count(end - state.Time, parameter, _options.MaxSteps) : long.MaxValue;
        double even = isFixed ? (end - state.Time) / planned : 0;

        Bodies<OrbitScalar> z = Bodies<OrbitScalar>.Of(state);
        Bodies<OrbitScalar> lost = default;
        Gravity.Evaluate(z, out Pull<OrbitScalar> pull, out OrbitScalar collision);
        Pull<OrbitScalar> before = default;
        double time = state.Time, timeLost = 0, last = 0;
        long steps = 0, forces = 1;
        IntegrationOutcome outcome;
        while (true)
        {
            double h = isFixed ? even : Next(z, before, pull, collision, last, parameter);
            if (!OrbitStep.Progresses(h, time)) { outcome = IntegrationOutcome.NoProgress; break; }
            if (isFixed ? steps == planned : !(time + h <= end + (_options.Overshoot * h))) { outcome = IntegrationOutcome.Reached; break; }
            if (steps == _options.MaxSteps) { outcome = IntegrationOutcome.StepLimit; break; }

            before = pull;
            h = Step(ref z, ref lost, ref pull, ref collision, h, parameter);
            if (_options.Compensated) time = Compensated.Add(time, h, ref timeLost);
            else time += h;
            last = h;
            steps++;
            forces += _options.Rounds;
        }

        OrbitStep.Write(z, ref state);
        state.Time = isFixed && outcome == IntegrationOutcome.Reached ? end : time;
        if (!state.IsFinite) outcome = IntegrationOutcome.NotFinite;
        return new IntegrationResult(steps, forces, outcome);
    }

    private IntegrationResult AdvancePlain(ref ThreeBodyState state, double end, double parameter)
    {
        var quads = new HermiteQuads(state);
        IntegrationOutcome outcome = quads.Run(ref state.Time, end, parameter, _options.Overshoot, _options.MaxSteps, out long steps);
        quads.Write(ref state);
        return new IntegrationResult(steps, steps + 1, state.IsFinite ? outcome : IntegrationOutcome.NotFinite);
    }

    private double Next(
        in Bodies<OrbitScalar> z, in Pull<OrbitScalar> before, in Pull<OrbitScalar> pull, OrbitScalar collision, double last, double parameter)
    {
        if (_options.Control == StepControl.Symmetrised) return OrbitStep.Symmetrised(z, parameter);
        if (_options.Control == StepControl.Aarseth && last > 0) return parameter * OrbitStep.Aarseth(before, pull, last);
        return parameter * Math.Sqrt(Math.Sqrt(collision.Value));
    }

    // Predict, then evaluate and correct as often as asked. An iterated step also finds its own length: half the sum of what both ends ask for.
    private double Step(
        ref Bodies<OrbitScalar> z, ref Bodies<OrbitScalar> lost, ref Pull<OrbitScalar> pull, ref OrbitScalar collision, double h, double parameter)
    {
        double own = h;
        HermiteKernel.Predict(z, pull, new OrbitScalar(h), out Bodies<OrbitScalar> trial);
        Gravity.Evaluate(trial, out Pull<OrbitScalar> ahead, out OrbitScalar aheadCollision);
        for (int round = 1; round < _options.Rounds; round++)
        {
            if (_options.Control == StepControl.Iterated) h = 0.5 * (own + (parameter * Math.Sqrt(Math.Sqrt(aheadCollision.Value))));
            HermiteKernel.Correct(z, pull, ahead, new OrbitScalar(h), out trial);
            Gravity.Evaluate(trial, out ahead, out aheadCollision);
        }
        if (_options.Compensated)
        {
            HermiteKernel.CorrectCompensated(z, pull, ahead, h, ref lost, out trial);
            z = trial;
        }
        else
        {
            HermiteKernel.Correct(z, pull, ahead, new OrbitScalar(h), out z);
        }
        pull = ahead;
        collision = aheadCollision;
        return h;
    }
}
