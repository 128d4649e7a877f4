namespace EdgeAutonomy.Runtime;

/// <summary>The two calls to the operating system that a real clock needs; a test puts its own in their place.</summary>
internal interface ISleeper
{
    /// <summary>Returns the present instant in nanoseconds, on the base that <see cref="SleepUntil"/> uses.</summary>
    long Now();

    /// <summary>Gives the processor away until about the given instant. May come back early.</summary>
    /// <returns>0, or the error number.</returns>
    int SleepUntil(long nanoseconds);

    /// <summary>Passes a few tens of nanoseconds inside a spin.</summary>
    void Relax();
}
