namespace EdgeAutonomy.Agents;

/// <summary>What stands before the tracks of a message.</summary>
/// <param name="Inc">Incarnation of the sender.</param>
/// <param name="Seq">Number of the message, from 1 per incarnation.</param>
/// <param name="Time">When it was sent, sender's wall clock, unix ns.</param>
public readonly record struct TrackHeader(uint Inc, ulong Seq, long Time);
