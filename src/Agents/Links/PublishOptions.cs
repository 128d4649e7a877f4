namespace EdgeAutonomy.Agents;

/// <summary>How a message is sent.</summary>
/// <param name="Class">What becomes of it when it cannot go out at once; decides the quality too.</param>
/// <param name="Retain">Whether the broker keeps it for those who subscribe later.</param>
/// <param name="ExpirySeconds">After how long the broker forgets it; 0 = never. Also the deadline of a <see cref="PublishClass.Command"/> in the link's own queue; 5 s where 0.</param>
/// <param name="Correlation">What joins a reply to its request; 0 = none. Sent as 8 bytes.</param>
public readonly record struct PublishOptions(PublishClass Class, bool Retain = false, int ExpirySeconds = 0, ulong Correlation = 0);
