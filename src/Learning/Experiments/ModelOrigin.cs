namespace EdgeAutonomy.Learning;

/// <summary>Where a model comes from.</summary>
/// <param name="Command">The exact command that made it.</param>
/// <param name="Seed">The seed of its training.</param>
/// <param name="Result">What came out, with its interval, in words.</param>
public sealed record ModelOrigin(string Command, ulong Seed, string Result);
