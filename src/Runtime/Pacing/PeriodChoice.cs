namespace EdgeAutonomy.Runtime;

/// <summary>A chosen period.</summary>
/// <param name="Index">Index into the loop's <see cref="PeriodGrid"/>.</param>
/// <param name="Reason">Why.</param>
public readonly record struct PeriodChoice(byte Index, PeriodReason Reason);
