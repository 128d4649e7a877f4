using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>One window of an event picture, as it was drawn.</summary>
/// <param name="FromSeconds">Its start, in seconds since the first event of the recording.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="Events">Events in it.</param>
/// <param name="On">Those that were ON.</param>
/// <param name="Boxes">Boxes of perception, both corners inclusive, in sensor pixels; those of the newest packet with a box.</param>
internal sealed record EventWindow(double FromSeconds, double Seconds, long Events, long On, IReadOnlyList<PixelBox> Boxes);
