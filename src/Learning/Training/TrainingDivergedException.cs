namespace EdgeAutonomy.Learning;

/// <summary>A training has left the numbers: a loss or a gradient is infinite or not a number.</summary>
/// <param name="message">Where, what, and what to try.</param>
public sealed class TrainingDivergedException(string message) : Exception(message);
