using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording;

/// <summary>Writes the small messages that the others are made of: times, points, poses, colours.</summary>
/// <remarks>Allocation-free. Angles in radians, lengths in metres. The planar robot turns about z; Foxglove's frames are right-handed with z up.</remarks>
public static class FoxgloveGeometry
{
    /// <summary>Writes a google.protobuf.Timestamp. Instants before the origin have negative seconds and positive nanos.</summary>
    public static void Timestamp(this ProtoWriter writer, int field, Stamp time)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var (seconds, nanos) = Split(time);
        int mark = writer.Begin(field);
        writer.Varint(1, seconds);
        writer.Varint(2, nanos);
        writer.End(mark);
    }

    /// <summary>Writes a Vector3 or Point3.</summary>
    public static void Vector3(this ProtoWriter writer, int field, double x, double y, double z)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int mark = writer.Begin(field);
        writer.Number(1, x);
        writer.Number(2, y);
        writer.Number(3, z);
        writer.End(mark);
    }

    /// <summary>Writes a Vector2 or Point2.</summary>
    public static void Vector2(this ProtoWriter writer, int field, double x, double y)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int mark = writer.Begin(field);
        writer.Number(1, x);
        writer.Number(2, y);
        writer.End(mark);
    }

    /// <summary>Writes a Quaternion.</summary>
    public static void Quaternion(this ProtoWriter writer, int field, double x, double y, double z, double w)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int mark = writer.Begin(field);
        writer.Number(1, x);
        writer.Number(2, y);
        writer.Number(3, z);
        writer.Number(4, w);
        writer.End(mark);
    }

    /// <summary>Writes a rotation about z as a Quaternion.</summary>
    public static void Heading(this ProtoWriter writer, int field, double heading)
    {
        // A view that is recorded must be the same on every machine, hence the project's own sine.
        var (sin, cos) = DeterministicMath.SinCos(0.5 * heading);
        writer.Quaternion(field, 0, 0, sin, cos);
    }

    /// <summary>Writes a Pose that stands upright.</summary>
    public static void Pose(this ProtoWriter writer, int field, double x, double y, double z, double heading)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int mark = writer.Begin(field);
        writer.Vector3(1, x, y, z);
        writer.Heading(2, heading);
        writer.End(mark);
    }

    /// <summary>Writes a Pose on the ground.</summary>
    public static void Pose(this ProtoWriter writer, int field, in Pose2 pose) => writer.Pose(field, pose.X, pose.Y, 0, pose.Heading);

    /// <summary>Writes the Pose that changes nothing.</summary>
    public static void IdentityPose(this ProtoWriter writer, int field) => writer.Pose(field, 0, 0, 0, 0);

    /// <summary>Writes a Color.</summary>
    public static void Color(this ProtoWriter writer, int field, in SceneColor color)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int mark = writer.Begin(field);
        writer.Number(1, color.R);
        writer.Number(2, color.G);
        writer.Number(3, color.B);
        writer.Number(4, color.A);
        writer.End(mark);
    }

    /// <summary>Splits an instant into whole seconds, rounded towards the past, and the nanoseconds since then.</summary>
    internal static (long Seconds, int Nanos) Split(Stamp time)
    {
        long seconds = time.Nanoseconds / 1_000_000_000, nanos = time.Nanoseconds % 1_000_000_000;
        return nanos < 0 ? (seconds - 1, (int)(nanos + 1_000_000_000)) : (seconds, (int)nanos);
    }
}
