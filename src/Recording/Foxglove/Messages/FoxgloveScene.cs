using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Writes foxglove.SceneUpdate: entities that hold primitives.</summary>
/// <remarks>
/// <code>int e = writer.BeginEntity(time, "map", "walls"); … primitives, in the order of their field numbers … writer.EndEntity(e);</code>
/// An entity replaces the one with the same id. Primitives may come in any order. Allocation-free. Lengths in metres, angles in radians.
/// </remarks>
public static class FoxgloveScene
{
    /// <summary>Opens an entity.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="time">Its time.</param>
    /// <param name="frame">The frame of its primitives.</param>
    /// <param name="id">Its id: an earlier entity with the same id is replaced.</param>
    /// <param name="frameLocked">Whether it moves on with its frame until it is replaced.</param>
    /// <returns>A mark for <see cref="EndEntity"/>.</returns>
    public static int BeginEntity(this ProtoWriter writer, Stamp time, ReadOnlySpan<char> frame, ReadOnlySpan<char> id, bool frameLocked = false)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int mark = writer.Begin(2);
        writer.Timestamp(1, time);
        writer.Text(2, frame);
        writer.Text(3, id);
        writer.Bool(5, frameLocked);
        return mark;
    }

    /// <summary>Closes an entity.</summary>
    public static void EndEntity(this ProtoWriter writer, int mark)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.End(mark);
    }

    /// <summary>Writes an order to remove the entity with an id.</summary>
    public static void DeleteEntity(this ProtoWriter writer, Stamp time, ReadOnlySpan<char> id)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int mark = writer.Begin(1);
        writer.Timestamp(1, time);
        writer.Text(3, id);
        writer.End(mark);
    }

    /// <summary>Adds an arrow along its heading.</summary>
    public static void Arrow(this ProtoWriter writer, double x, double y, double z, double heading, double length, double diameter, in SceneColor color)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int mark = writer.Begin(7);
        writer.Pose(1, x, y, z, heading);
        writer.Number(2, 0.6 * length);
        writer.Number(3, diameter);
        writer.Number(4, 0.4 * length);
        writer.Number(5, 2 * diameter);
        writer.Color(6, color);
        writer.End(mark);
    }

    /// <summary>Adds a box about its middle.</summary>
    public static void Cube(this ProtoWriter writer, double x, double y, double z, double heading, double sizeX, double sizeY, double sizeZ, in SceneColor color)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int mark = writer.Begin(8);
        writer.Pose(1, x, y, z, heading);
        writer.Vector3(2, sizeX, sizeY, sizeZ);
        writer.Color(3, color);
        writer.End(mark);
    }

    /// <summary>Adds an upright cylinder that stands on the ground.</summary>
    public static void Cylinder(this ProtoWriter writer, double x, double y, double radius, double height, in SceneColor color)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int mark = writer.Begin(10);
        writer.Pose(1, x, y, 0.5 * height, 0);
        writer.Vector3(2, 2 * radius, 2 * radius, height);
        writer.Number(3, 1);
        writer.Number(4, 1);
        writer.Color(5, color);
        writer.End(mark);
    }

    /// <summary>Opens lines: strip = through all points, loop = and back to the first, list = each pair of points is a line. Add points with <see cref="Point"/>.</summary>
    /// <returns>A mark for <see cref="EndLine"/>.</returns>
    public static int BeginLine(this ProtoWriter writer, SceneLine type, double thickness)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int mark = writer.Begin(11);
        writer.Varint(1, (int)type);
        writer.IdentityPose(2);
        writer.Number(3, thickness);
        return mark;
    }

    /// <summary>Adds a point to the lines that are open.</summary>
    public static void Point(this ProtoWriter writer, double x, double y, double z) => writer.Vector3(5, x, y, z);

    /// <summary>Closes lines.</summary>
    public static void EndLine(this ProtoWriter writer, int mark, in SceneColor color)
    {
        writer.Color(6, color);
        writer.End(mark);
    }

    /// <summary>Opens a list of triangles. Add each with <see cref="Triangle"/>, then the colours, in the same order, with <see cref="TriangleColor"/>.</summary>
    /// <returns>A mark for <see cref="ProtoWriter.End"/>.</returns>
    public static int BeginTriangles(this ProtoWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int mark = writer.Begin(12);
        writer.IdentityPose(1);
        return mark;
    }

    /// <summary>Adds a triangle in a plane above the ground to the list that is open.</summary>
    public static void Triangle(this ProtoWriter writer, double ax, double ay, double bx, double by, double cx, double cy, double z)
    {
        writer.Vector3(2, ax, ay, z);
        writer.Vector3(2, bx, by, z);
        writer.Vector3(2, cx, cy, z);
    }

    /// <summary>Adds the colour of one triangle's corners.</summary>
    public static void TriangleColor(this ProtoWriter writer, in SceneColor color)
    {
        for (int i = 0; i < 3; i++) writer.Color(4, color);
    }

    /// <summary>Adds a text that faces the viewer.</summary>
    public static void Label(this ProtoWriter writer, double x, double y, double z, double size, in SceneColor color, ReadOnlySpan<char> text)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int mark = writer.Begin(13);
        writer.Pose(1, x, y, z, 0);
        writer.Bool(2, true);
        writer.Number(3, size);
        writer.Color(5, color);
        writer.Text(6, text);
        writer.End(mark);
    }
}
