namespace EdgeAutonomy.Learning;

/// <summary>Integrates three bodies by a symplectic splitting: leapfrog of order 2 or McLachlan's scheme of order 4.</summary>
/// <remarks>
/// With <see cref="StepControl.Fixed"/> every call ends exactly at its end time: n = ⌈T/dt − 1e-9⌉ equal steps, at least one (the integrators Symple and Huayno
/// of AMUSE in the published experiment). An adaptive step breaks the symplectic structure; the symmetrised ones keep the symmetry in time instead, which is
/// what bounds the energy error of periodic orbits. Looking at the pairs to find a step costs about an evaluation and is counted as one.
/// </remarks>
public sealed class SplittingIntegrator : IThreeBodyIntegrator
{
    /// <summary>Drifts of the 4th order, outermost first; the fourth is the middle one (coefficients as in Huayno).</summary>
    internal static readonly double[] Drifts =
        [0.0792036964311957, 0.353172906049774, -0.0420650803577195, 1 - (2 * (0.0792036964311957 + 0.353172906049774 - 0.0420650803577195))];

    /// <summary>Kicks of the 4th order, outermost first.</summary>
    internal static readonly double[] Kicks = [0.209515106613362, -0.143851773179818, 0.5 - 0.209515106613362 + 0.143851773179818];

    // The iteration for the length of a step contracts by about the parameter per round: three leave nothing that matters at parameters below 0.1.
    private const int Iterations = 3;
    private readonly SplittingScheme _scheme;
    private readonly StepControl _control;
    private readonly bool _compensated;
    private readonly long _maxSteps;

    /// <summary>Creates an integrator.</summary>
    /// <param name="scheme">The order of drifts and kicks.</param>
    /// <param name="control">The rule for the step; any but <see cref="StepControl.Aarseth"/>, which needs a jerk.</param>
    /// <param name="compensated">Whether places and speeds are compensated sums; compensation starts anew with every call.</param>
    /// <param name="maxSteps">The most steps of one call, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public SplittingIntegrator(SplittingScheme scheme, StepControl control = StepControl.Fixed, bool compensated = false, long maxSteps = 50_000_000)
    {
        if (!Enum.IsDefined(scheme)) throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "The splitting must be one of SplittingScheme.");
        if (!Enum.IsDefined(control) || control == StepControl.Aarseth)
            throw new ArgumentOutOfRangeException(nameof(control), control, "The step control of a splitting must be Fixed, Collision, Symmetrised or Iterated; Aarseth's needs the jerk.");
        if (maxSteps < 1) throw new ArgumentOutOfRangeException(nameof(maxSteps), maxSteps, "The limit of steps of one call must be at least 1.");
        (_scheme, _control, _compensated, _maxSteps) = (scheme, control, compensated, maxSteps);
        string name = scheme switch
        {
            SplittingScheme.DriftKickDrift => "leapfrog",
            SplittingScheme.KickDriftKick => "leapfrog-kdk",
            _ => "dkd4",
        };
        Name = control == StepControl.Fixed ? name : name + "-" + control.ToString().ToLowerInvariant();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the order of drifts and kicks.</summary>
    public SplittingScheme Scheme => _scheme;

    /// <summary>Gets the rule for the step.</summary>
    public StepControl Control => _control;

    /// <summary>Gets whether places and speeds are compensated sums.</summary>
    public bool IsCompensated => _compensated;

    /// <inheritdoc/>
    public int Order => _scheme == SplittingScheme.Fourth ? 4 : 2;

    /// <inheritdoc/>
    /// <remarks>Adaptive steps are taken while t + h ≤ end + h, that is until the end is passed (overshoot 1 of <see cref="HermiteOptions"/>).</remarks>
    public IntegrationResult Advance(ref ThreeBodyState state, double end, double parameter)
    {
        OrbitStep.Validate(state, end, parameter);
        if (end <= state.Time) return new IntegrationResult(0, 0, IntegrationOutcome.Reached);
        bool isFixed = _control == StepControl.Fixed;
        long planned = isFixed ? OrbitStep.Count(end - state.Time, parameter, _maxSteps) : long.MaxValue;
        double even = isFixed ? (end - state.Time) / planned : 0;

        var walk = new SplittingWalk(state, _compensated);
        long steps = 0, forces = 0;
        if (_scheme == SplittingScheme.KickDriftKick) forces += walk.Accelerate();
        double time = state.Time, timeLost = 0;
        IntegrationOutcome outcome;
        while (true)
        {
            double h = _control switch
            {
                StepControl.Fixed => even,
                StepControl.Symmetrised => OrbitStep.Symmetrised(walk.Bodies, parameter),
                _ => parameter * OrbitStep.Collision(walk.Bodies),
            };
            if (!isFixed) forces++;
            if (!OrbitStep.Progresses(h, time)) { outcome = IntegrationOutcome.NoProgress; break; }
            if (isFixed ? steps == planned : !(time <= end)) { outcome = IntegrationOutcome.Reached; break; }
            if (steps == _maxSteps) { outcome = IntegrationOutcome.StepLimit; break; }

            if (_control == StepControl.Iterated) h = Iterate(walk, h, parameter, ref forces);
            forces += Step(ref walk, h);
            time = Compensated.Add(time, h, ref timeLost);
            steps++;
        }

        OrbitStep.Write(walk.Bodies, ref state);
        state.Time = isFixed && outcome == IntegrationOutcome.Reached ? end : time;
        if (!state.IsFinite) outcome = IntegrationOutcome.NotFinite;
        return new IntegrationResult(steps, forces, outcome);
    }

    // Trial steps from a copy of the walk, each with half the sum of what its two ends ask for.
    private double Iterate(in SplittingWalk from, double own, double parameter, ref long forces)
    {
        double h = own;
        for (int round = 0; round < Iterations; round++)
        {
            SplittingWalk trial = from;
            forces += Step(ref trial, h) + 1;
            h = 0.5 * (own + (parameter * OrbitStep.Collision(trial.Bodies)));
        }
        return h;
    }

    private int Step(ref SplittingWalk walk, double h)
    {
        switch (_scheme)
        {
            case SplittingScheme.DriftKickDrift:
                walk.Drift(0.5 * h);
                walk.Accelerate();
                walk.Kick(h);
                walk.Drift(0.5 * h);
                return 1;
            case SplittingScheme.KickDriftKick:
                // The acceleration of the last kick is that of this one: the bodies have not moved since.
                walk.Kick(0.5 * h);
                walk.Drift(h);
                walk.Accelerate();
                walk.Kick(0.5 * h);
                return 1;
            default:
                walk.Drift(Drifts[0] * h);
                for (int i = 0; i < 6; i++)
                {
                    walk.Accelerate();
                    walk.Kick(Kicks[i < 3 ? i : 5 - i] * h);
                    walk.Drift(Drifts[i < 3 ? i + 1 : 5 - i] * h);
                }
                return 6;
        }
    }
}
