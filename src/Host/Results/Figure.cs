namespace EdgeAutonomy.Host;

/// <summary>One measured figure.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The figure itself: a rate, or the median of a distribution.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="P50">Median; null when it is no distribution.</param>
/// <param name="P99">99 % quantile; null when it is no distribution.</param>
/// <param name="Max">Largest of all samples; null when it is no distribution.</param>
/// <param name="Note">How it was measured: sample count, settings.</param>
public sealed record Figure(string Name, double Value, string Unit, double? P50 = null, double? P99 = null, double? Max = null, string Note = "");
