using System.Buffers.Binary;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording;

/// <summary>Writes whole Foxglove messages: logs, images, scans, poses, transforms, boxes on images.</summary>
/// <remarks>Each method appends one message to the writer. Allocation-free. Field numbers: <see cref="FoxgloveSchemas"/>.</remarks>
public static class FoxgloveMessages
{
    /// <summary>Writes a foxglove.Log.</summary>
    public static void Log(this ProtoWriter writer, Stamp time, FoxgloveLogLevel level, ReadOnlySpan<char> name, ReadOnlySpan<char> message)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Timestamp(1, time);
        writer.Varint(2, (long)level);
        writer.Text(3, message);
        writer.Text(4, name);
    }

    /// <summary>Writes a foxglove.RawImage.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="time">When it was taken.</param>
    /// <param name="frame">The camera's frame: +x right, +y down, +z into the image.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="encoding">"mono8", "rgb8", "32FC1" …</param>
    /// <param name="step">Bytes per row.</param>
    /// <param name="data">The pixels, [y, x], <paramref name="step"/> · <paramref name="height"/> bytes.</param>
    public static void RawImage(this ProtoWriter writer, Stamp time, ReadOnlySpan<char> frame, int width, int height, ReadOnlySpan<char> encoding, int step, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Timestamp(1, time);
        writer.Fixed32(2, (uint)width);
        writer.Fixed32(3, (uint)height);
        writer.Text(4, encoding);
        writer.Fixed32(5, (uint)step);
        writer.Bytes(6, data);
        writer.Text(7, frame);
    }

    /// <summary>Writes a foxglove.CompressedImage.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="time">When it was taken.</param>
    /// <param name="frame">The camera's frame.</param>
    /// <param name="format">"png", "jpeg" …</param>
    /// <param name="data">The file's bytes.</param>
    public static void CompressedImage(this ProtoWriter writer, Stamp time, ReadOnlySpan<char> frame, ReadOnlySpan<char> format, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Timestamp(1, time);
        writer.Bytes(2, data);
        writer.Text(3, format);
        writer.Text(4, frame);
    }

    /// <summary>Writes a foxglove.Grid of one byte per cell in the field "value".</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="time">When it was made.</param>
    /// <param name="frame">The frame of its origin.</param>
    /// <param name="origin">The corner of cell [0, 0].</param>
    /// <param name="cell">Side of a cell in metres.</param>
    /// <param name="columns">Cells per row.</param>
    /// <param name="cells">The cells, [y, x].</param>
    public static void Grid(this ProtoWriter writer, Stamp time, ReadOnlySpan<char> frame, in Pose2 origin, double cell, int columns, ReadOnlySpan<byte> cells)
    {
        const int UInt8 = 1;
        ArgumentNullException.ThrowIfNull(writer);
        writer.Timestamp(1, time);
        writer.Text(2, frame);
        writer.Pose(3, origin);
        writer.Fixed32(4, (uint)columns);
        writer.Vector2(5, cell, cell);
        writer.Fixed32(6, (uint)columns);
        writer.Fixed32(7, 1);
        int mark = writer.Begin(8);
        writer.Text(1, "value");
        writer.Varint(3, UInt8);
        writer.End(mark);
        writer.Bytes(9, cells);
    }

    /// <summary>Writes a foxglove.LaserScan. A beam that hit nothing becomes +∞, one that was not sensed stays NaN: neither is drawn.</summary>
    public static void LaserScan(this ProtoWriter writer, Stamp time, ReadOnlySpan<char> frame, RangeScan scan)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(scan);
        float[] ranges = scan.Ranges;
        writer.Timestamp(1, time);
        writer.Text(2, frame);
        writer.IdentityPose(3);
        writer.Number(4, scan.FirstBearing);
        writer.Number(5, ranges.Length == 0 ? scan.FirstBearing : scan.Bearing(ranges.Length - 1));
        var place = writer.PackedDoubles(6, ranges.Length);
        for (int i = 0; i < ranges.Length; i++)
        {
            double range = ranges[i] >= scan.MaxRange ? double.PositiveInfinity : ranges[i];
            BinaryPrimitives.WriteDoubleLittleEndian(place[(8 * i)..], range);
        }
    }

    /// <summary>Writes a foxglove.PoseInFrame.</summary>
    public static void PoseInFrame(this ProtoWriter writer, Stamp time, ReadOnlySpan<char> frame, in Pose2 pose)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Timestamp(1, time);
        writer.Text(2, frame);
        writer.Pose(3, pose);
    }

    /// <summary>Writes a foxglove.PosesInFrame from two pieces, oldest first, as a ring buffer has them.</summary>
    public static void PosesInFrame(this ProtoWriter writer, Stamp time, ReadOnlySpan<char> frame, ReadOnlySpan<Pose2> older, ReadOnlySpan<Pose2> newer = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Timestamp(1, time);
        writer.Text(2, frame);
        foreach (ref readonly var pose in older) writer.Pose(3, pose);
        foreach (ref readonly var pose in newer) writer.Pose(3, pose);
    }

    /// <summary>Writes a foxglove.FrameTransform of a robot on the ground.</summary>
    public static void FrameTransform(this ProtoWriter writer, Stamp time, ReadOnlySpan<char> parent, ReadOnlySpan<char> child, in Pose2 pose)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Timestamp(1, time);
        writer.Text(2, parent);
        writer.Text(3, child);
        writer.Vector3(4, pose.X, pose.Y, 0);
        writer.Heading(5, pose.Heading);
    }

    /// <summary>Writes a foxglove.FrameTransform of a camera that looks ahead: its z axis is the robot's x, its x axis the robot's −y.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="time">When.</param>
    /// <param name="parent">The robot's frame: x ahead, y left, z up.</param>
    /// <param name="child">The camera's frame: x right, y down, z ahead.</param>
    /// <param name="ahead">Metres from the robot's middle to the camera, ahead.</param>
    /// <param name="up">Metres, up.</param>
    public static void CameraTransform(this ProtoWriter writer, Stamp time, ReadOnlySpan<char> parent, ReadOnlySpan<char> child, double ahead, double up)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Timestamp(1, time);
        writer.Text(2, parent);
        writer.Text(3, child);
        writer.Vector3(4, ahead, 0, up);
        writer.Quaternion(5, -0.5, 0.5, -0.5, 0.5);
    }

    /// <summary>Writes one PointsAnnotation (an outline around a pixel box) as an element of foxglove.ImageAnnotations.</summary>
    public static void BoxAnnotation(this ProtoWriter writer, Stamp time, in PixelBox box, in SceneColor outline, double thickness)
    {
        const int LineLoop = 2;
        ArgumentNullException.ThrowIfNull(writer);
        int mark = writer.Begin(2);
        writer.Timestamp(1, time);
        writer.Varint(2, LineLoop);
        // Corners are inclusive pixels; the outline runs along their outer edges.
        double left = box.Left, top = box.Top, right = box.Right + 1, bottom = box.Bottom + 1;
        writer.Vector2(3, left, top);
        writer.Vector2(3, right, top);
        writer.Vector2(3, right, bottom);
        writer.Vector2(3, left, bottom);
        writer.Color(4, outline);
        writer.Number(7, thickness);
        writer.End(mark);
    }
}
