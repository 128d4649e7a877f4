namespace EdgeAutonomy.Runtime;

/// <summary>One thing that is not as the real-time options want it.</summary>
/// <param name="Setting">The configuration key, such as "RealTime:Scheduler".</param>
/// <param name="IsFailure">True when a setting could not be made; false for advice about one that was.</param>
/// <param name="ErrorNumber">The operating system's error number; 0 when there is none.</param>
/// <param name="Message">What is wrong, with its value.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record RealTimeFinding(string Setting, bool IsFailure, int ErrorNumber, string Message, string Remedy)
{
    /// <summary>Returns "setting: message remedy" in one line.</summary>
    public override string ToString() => $"{Setting}: {Message} {Remedy}";
}
