using System.Globalization;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording;

/// <summary>Finds the first field in which two frozen payloads differ, with both values as a person reads them.</summary>
internal static class PayloadDifference
{
    public static (string Field, string A, string B) Find(string shape, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        try
        {
            object? first = PayloadShape.Create(shape), second = PayloadShape.Create(shape);
            if (first is Twist2)
            {
                var (x, y) = (default(Twist2), default(Twist2));
                PayloadState.Thaw(ref x, a);
                PayloadState.Thaw(ref y, b);
                if (Twist("", x, y) is { } twist) return twist;
            }
            if (first is IFreezable left && second is IFreezable right)
            {
                left.Thaw(a);
                right.Thaw(b);
                if (Objects(first, second) is { } found) return found;
            }
        }
        catch (InvalidDataException)
        {
            // Unreadable for people, but different all the same: the bytes say where.
        }
        return Bytes(a, b);
    }

    public static (string Field, string A, string B) Bytes(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (a.Length != b.Length) return ("length", $"{a.Length} bytes", $"{b.Length} bytes");
        int at = a.CommonPrefixLength(b) & ~3;
        return ($"byte {at}", Hex(a, at), Hex(b, at));

        static string Hex(ReadOnlySpan<byte> bytes, int at) => at >= bytes.Length ? "nothing" : "0x" + Convert.ToHexString(bytes.Slice(at, Math.Min(8, bytes.Length - at)));
    }

    private static (string, string, string)? Objects(object a, object b) => (a, b) switch
    {
        (RoverSample x, RoverSample y) => Events("Events", x.Events, y.Events) ?? Scan(x.Scan, y.Scan) ?? Text("Imu", x.Imu, y.Imu) ?? Text("Odometry", x.Odometry, y.Odometry) ?? Text("Goal", x.Goal, y.Goal) ?? Neighbours(x.Neighbours, y.Neighbours),
        (EventPacket x, EventPacket y) => Events("", x, y),
        (Percept x, Percept y) => Percepts(x, y),
        _ => null,
    };

    private static (string, string, string)? Neighbours(Neighbourhood a, Neighbourhood b)
    {
        if (Text("Neighbours.Count", a.Count, b.Count) is { } count) return count;
        for (int i = 0; i < a.Count; i++)
        {
            if (a.Robots[i] != b.Robots[i]) return ($"Neighbours[{i}]", a.Robots[i].ToString(), b.Robots[i].ToString());
        }
        return Text("Neighbours.Pose", a.Pose, b.Pose);
    }

    private static (string, string, string)? Events(string at, EventPacket a, EventPacket b)
    {
        if (Text($"{at}.Count", a.Count, b.Count) is { } count) return count;
        for (int i = 0; i < a.Count; i++)
        {
            if (a.Events[i] != b.Events[i]) return ($"{at}[{i}] (t x y p)", a.Events[i].ToString(), b.Events[i].ToString());
        }
        return Text($"{at}.StartUs", a.StartUs, b.StartUs) ?? Text($"{at}.EndUs", a.EndUs, b.EndUs) ?? Text($"{at}.Dropped", a.Dropped, b.Dropped);
    }

    private static (string, string, string)? Scan(RangeScan a, RangeScan b)
    {
        for (int i = 0; i < a.Ranges.Length; i++)
        {
            if (Number($"Scan.Ranges[{i}] (m)", a.Ranges[i], b.Ranges[i]) is { } range) return range;
        }
        return Text("Scan.Time", a.Time, b.Time);
    }

    private static (string, string, string)? Percepts(Percept a, Percept b)
    {
        for (int i = 0; i < a.Sectors.Length; i++)
        {
            ref readonly var x = ref a.Sectors[i];
            ref readonly var y = ref b.Sectors[i];
            string at = $"Sectors[{i}]";
            var found = Number($"{at}.TimeToContact (s)", x.TimeToContact, y.TimeToContact) ?? Number($"{at}.Confidence", x.Confidence, y.Confidence)
                ?? Number($"{at}.Range (m)", x.Range, y.Range) ?? Number($"{at}.EventRate (1/s)", x.EventRate, y.EventRate);
            if (found is not null) return found;
        }
        if (Text("BoxCount", a.BoxCount, b.BoxCount) is { } count) return count;
        for (int i = 0; i < a.BoxCount; i++)
        {
            if (Text($"Boxes[{i}]", a.Boxes[i], b.Boxes[i]) is { } box) return box;
        }
        return Text("EventCount", a.EventCount, b.EventCount) ?? Text("Odometry", a.Odometry, b.Odometry)
            ?? Number("AngularVelocity (rad/s)", a.AngularVelocity, b.AngularVelocity) ?? Text("Goal", a.Goal, b.Goal);
    }

    private static (string, string, string)? Twist(string at, Twist2 a, Twist2 b) =>
        Number($"{at}Linear (m/s)", a.Linear, b.Linear) ?? Number($"{at}Angular (rad/s)", a.Angular, b.Angular);

    private static (string, string, string)? Number(string field, float a, float b) =>
        BitConverter.SingleToUInt32Bits(a) == BitConverter.SingleToUInt32Bits(b) ? null : (field, a.ToString("R", CultureInfo.InvariantCulture), b.ToString("R", CultureInfo.InvariantCulture));

    private static (string, string, string)? Text<T>(string field, T a, T b) where T : IEquatable<T> =>
        a.Equals(b) ? null : (field.TrimStart('.'), string.Create(CultureInfo.InvariantCulture, $"{a}"), string.Create(CultureInfo.InvariantCulture, $"{b}"));
}
