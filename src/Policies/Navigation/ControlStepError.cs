namespace EdgeAutonomy.Policies;

/// <summary>The local error of one control step: what changes when the step is done as two half steps.</summary>
/// <remarks>
/// Over a step dt the loop holds its command and its picture of the nearest obstacle still. Doing the step as two half steps would
/// (1) move the obstacle point p by p + dt·ṗ in one Euler step against two of dt/2, which differ by dt²/4·|p̈|; in the frame of a robot with
/// constant twist (v, ω) the relative velocity is ṗ = (u_x − v + ω·y, u_y − ω·x) for an object velocity u, and |p̈| = |ω|·|ṗ|;
/// (2) renew the command in the middle: with the command changing at rates v̇ and ω̇, the second half is driven dt/2·v̇ faster and
/// dt/2·ω̇ more turned, which moves a point at distance L by dt²/4·(|v̇| + |ω̇|·L).
/// The sum over the tolerance is the step error: order p = 1, so an error-controlled pacer scales the period by (1/error)^(1/2).
/// Pure function; thread-safe, allocation-free, deterministic.
/// </remarks>
public static class ControlStepError
{
    /// <summary>Returns the step error in units of the tolerance.</summary>
    /// <param name="stepSecond">The step dt.</param>
    /// <param name="turnRate">ω in radians per second.</param>
    /// <param name="relativeSpeed">|ṗ| in metres per second.</param>
    /// <param name="commandAcceleration">v̇ of the command in m/s².</param>
    /// <param name="commandTurnAcceleration">ω̇ of the command in rad/s².</param>
    /// <param name="leverMetre">L in metres.</param>
    /// <param name="toleranceMetre">The difference that is just tolerable; positive.</param>
    public static double Estimate(double stepSecond, double turnRate, double relativeSpeed, double commandAcceleration,
        double commandTurnAcceleration, double leverMetre, double toleranceMetre)
    {
        double rate = Math.Abs(turnRate) * relativeSpeed + Math.Abs(commandAcceleration) + Math.Abs(commandTurnAcceleration) * leverMetre;
        return stepSecond * stepSecond / 4 * rate / toleranceMetre;
    }
}
