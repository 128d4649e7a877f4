namespace EdgeAutonomy.Learning;

/// <summary>When the energy error of an interval is small enough.</summary>
/// <remarks>
/// err ≤ tol·(work/unit)^share. With the share 0 every interval may err by the same. With 1 it may err in proportion to what it costs: for a sum of errors that each fall as a power of the
/// step, that is where the last unit of work buys the same accuracy in every interval (Lagrange), so the same total error costs least.
/// </remarks>
/// <param name="Tolerance">tol, at least 0; infinite accepts everything that did not fail.</param>
/// <param name="Share">The exponent, at least 0.</param>
/// <param name="Unit">The work at which exactly tol is allowed, above 0.</param>
public readonly record struct Acceptance(double Tolerance, double Share = 0, double Unit = 1000)
{
    /// <summary>Returns the largest error that is accepted after some work.</summary>
    /// <param name="work">The work of the interval.</param>
    public double Limit(double work) => Share == 0 ? Tolerance : Tolerance * (Share == 1 ? work / Unit : DeterministicMath.Pow(work / Unit, Share));

    /// <summary>Returns the name of an arm with this rule.</summary>
    /// <param name="arm">The arm.</param>
    public string Name(string arm) => FormattableString.Invariant($"{arm}{(Share == 0 ? "" : FormattableString.Invariant($"^{Share}"))}/{Tolerance:0.#e0}");
}
