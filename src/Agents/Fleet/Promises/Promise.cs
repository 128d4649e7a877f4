namespace EdgeAutonomy.Agents;

/// <summary>What a robot has given its word on and must remember when it starts again.</summary>
/// <param name="Number">An incarnation, epoch or term.</param>
/// <param name="Text">To whom, up to 256 characters.</param>
public readonly record struct Promise(ulong Number, string Text);
