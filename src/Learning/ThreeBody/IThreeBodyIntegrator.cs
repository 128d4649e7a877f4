namespace EdgeAutonomy.Learning;

/// <summary>Moves a three-body state forward in time with one parameter that trades accuracy for cost.</summary>
/// <remarks>
/// Implementations keep nothing between calls, so that a state copied before a call is enough to take the call back, and one instance serves many threads.
/// They allocate nothing and give the same bits on every machine.
/// </remarks>
public interface IThreeBodyIntegrator
{
    /// <summary>Gets the name that tables print.</summary>
    string Name { get; }

    /// <summary>Gets the order: a fixed step k times shorter makes the error k^order times smaller.</summary>
    int Order { get; }

    /// <summary>Moves a state to an end time, or past or short of it by at most one step where steps adapt.</summary>
    /// <param name="state">The state, in n-body units; on return the state reached, also where <see cref="IntegrationResult.Outcome"/> is not Reached.</param>
    /// <param name="end">The end time, finite; nothing happens when it is not after the state's.</param>
    /// <param name="parameter">The step or the factor of the adaptive step, as <see cref="StepControl"/> says; finite and above 0.</param>
    /// <returns>The counts and why it stopped. A state that blows up is a result, not an exception.</returns>
    /// <exception cref="ArgumentException">The state cannot be integrated (<see cref="ThreeBodyState.Validate"/>).</exception>
    /// <exception cref="ArgumentOutOfRangeException">The end or the parameter is out of range, or a fixed step needs more steps than the limit.</exception>
    IntegrationResult Advance(ref ThreeBodyState state, double end, double parameter);
}
