using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Learning;

/// <summary>Integrates many independent three-body systems at once by the published Hermite scheme, each with its own step, end and parameter.</summary>
/// <remarks>
/// <para>
/// One system per SIMD lane. A lane whose system is done takes the next one at once, so that a slow system holds up nothing but itself. Every system gets the
/// bits and the counts that <see cref="HermiteIntegrator"/> with <see cref="StepControl.Collision"/>, one round and plain sums gives it, at every width.
/// </para>
/// <para>Allocates nothing after construction. Not safe for several threads at once: give each its own.</para>
/// </remarks>
public sealed class HermiteBatch
{
    private readonly double _overshoot;
    private readonly long _maxSteps;
    private readonly OrbitWidth _width;
    private readonly HermiteLanes _lanes = new();

    /// <summary>Creates a batch integrator.</summary>
    /// <param name="overshoot">By how much of a step an end may be passed, in [0, 1]; see <see cref="HermiteOptions.Overshoot"/>.</param>
    /// <param name="maxSteps">The most steps per system and call, at least 1.</param>
    /// <param name="width">How many systems go side by side; any width runs on any processor, in software where it must.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public HermiteBatch(double overshoot = 1, long maxSteps = 50_000_000, OrbitWidth width = OrbitWidth.Widest)
    {
        new HermiteOptions { Overshoot = overshoot, MaxSteps = maxSteps }.Validate();
        if (!Enum.IsDefined(width)) throw new ArgumentOutOfRangeException(nameof(width), width, "The width of a batch must be one of OrbitWidth.");
        (_overshoot, _maxSteps) = (overshoot, maxSteps);
        _width = width != OrbitWidth.Widest ? width
            : Vector512.IsHardwareAccelerated ? OrbitWidth.Eight
            : Vector256.IsHardwareAccelerated ? OrbitWidth.Four
            : Vector128.IsHardwareAccelerated ? OrbitWidth.Two
            : OrbitWidth.One;
    }

    /// <summary>Gets how many systems go side by side; never <see cref="OrbitWidth.Widest"/>.</summary>
    public OrbitWidth Width => _width;

    /// <summary>Moves every state to its end time; see <see cref="HermiteIntegrator.Advance"/>.</summary>
    /// <param name="states">The states, in n-body units; on return the states reached.</param>
    /// <param name="ends">The end time of each, finite.</param>
    /// <param name="parameters">The factor of the collision time of each, finite and above 0.</param>
    /// <param name="results">Receives counts and outcome of each.</param>
    /// <exception cref="ArgumentException">The spans differ in length, or a state cannot be integrated. No state has been moved then.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An end or a parameter is out of range. No state has been moved then.</exception>
    public void Advance(Span<ThreeBodyState> states, ReadOnlySpan<double> ends, ReadOnlySpan<double> parameters, Span<IntegrationResult> results)
    {
        if (ends.Length != states.Length || parameters.Length != states.Length || results.Length != states.Length)
        {
            throw new ArgumentException(
                $"A batch has {states.Length} states, {ends.Length} ends, {parameters.Length} parameters and {results.Length} results; it needs one of each per state.",
                nameof(states));
        }
        for (int i = 0; i < states.Length; i++) OrbitStep.Validate(states[i], ends[i], parameters[i]);

        _lanes.Begin(_overshoot, _maxSteps);
        switch (_width)
        {
            case OrbitWidth.Eight: Run<OrbitLanes512>(states, ends, parameters, results); break;
            case OrbitWidth.Four: Run<OrbitLanes256>(states, ends, parameters, results); break;
            case OrbitWidth.Two: Run<OrbitLanes128>(states, ends, parameters, results); break;
            default: Run<OrbitScalar>(states, ends, parameters, results); break;
        }
    }

    // Fill the lanes; step all of them together until one has to stop; give that one back and fill it again.
    private void Run<T>(Span<ThreeBodyState> states, ReadOnlySpan<double> ends, ReadOnlySpan<double> parameters, Span<IntegrationResult> results)
        where T : struct, IOrbitLanes<T>
    {
        int next = 0, busy = 0;
        for (int lane = 0; lane < T.Count; lane++)
        {
            if (_lanes.Fill(lane, ref next, states, ends, parameters)) busy++;
        }
        while (busy > 0)
        {
            _lanes.StepAll<T>();
            for (int lane = 0; lane < T.Count; lane++)
            {
                if (!_lanes.MustStop(lane, out IntegrationOutcome outcome)) continue;
                bool wasBusy = _lanes.Empty(lane, outcome, states, results);
                bool isBusy = _lanes.Fill(lane, ref next, states, ends, parameters);
                busy += (isBusy ? 1 : 0) - (wasBusy ? 1 : 0);
            }
        }
    }
}
