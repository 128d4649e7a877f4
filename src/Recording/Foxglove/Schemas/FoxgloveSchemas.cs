using System.Globalization;

namespace EdgeAutonomy.Recording;

/// <summary>The Foxglove message types that we show, as binary protobuf descriptors generated from one compact table of fields.</summary>
/// <remarks>
/// Names and numbers: <c>foxglove-sdk/schemas</c> (docs/recording.md). A descriptor holds every file it imports, imports first, as both MCAP and the
/// WebSocket protocol demand. Descriptors are built on first use and kept. Thread-safe.
/// </remarks>
public static class FoxgloveSchemas
{
    // One line per message: its fields as "name number type", '*' = repeated, '?' = optional. A type with a dot before it is an enum of the message
    // itself; its values follow after '|' as "Name: value …", numbered from 0.
    private static readonly string[] Table =
    [
        "google.protobuf.Timestamp: seconds 1 int64, nanos 2 int32",
        "google.protobuf.Duration: seconds 1 int64, nanos 2 int32",
        "foxglove.Vector2: x 1 double, y 2 double",
        "foxglove.Vector3: x 1 double, y 2 double, z 3 double",
        "foxglove.Point2: x 1 double, y 2 double",
        "foxglove.Point3: x 1 double, y 2 double, z 3 double",
        "foxglove.Quaternion: x 1 double, y 2 double, z 3 double, w 4 double",
        "foxglove.Pose: position 1 Vector3, orientation 2 Quaternion",
        "foxglove.Color: r 1 double, g 2 double, b 3 double, a 4 double",
        "foxglove.KeyValuePair: key 1 string, value 2 string",
        "foxglove.Log: timestamp 1 Timestamp, level 2 .Level, message 3 string, name 4 string, file 5 string, line 6 fixed32"
            + " | Level: UNKNOWN DEBUG INFO WARNING ERROR FATAL",
        "foxglove.RawImage: timestamp 1 Timestamp, width 2 fixed32, height 3 fixed32, encoding 4 string, step 5 fixed32, data 6 bytes, frame_id 7 string",
        "foxglove.CompressedImage: timestamp 1 Timestamp, data 2 bytes, format 3 string, frame_id 4 string",
        "foxglove.PackedElementField: name 1 string, offset 2 fixed32, type 3 .NumericType"
            + " | NumericType: UNKNOWN UINT8 INT8 UINT16 INT16 UINT32 INT32 FLOAT32 FLOAT64",
        "foxglove.Grid: timestamp 1 Timestamp, frame_id 2 string, pose 3 Pose, column_count 4 fixed32, cell_size 5 Vector2, row_stride 6 fixed32,"
            + " cell_stride 7 fixed32, fields 8 *PackedElementField, data 9 bytes",
        "foxglove.LaserScan: timestamp 1 Timestamp, frame_id 2 string, pose 3 Pose, start_angle 4 double, end_angle 5 double, ranges 6 *double, intensities 7 *double",
        "foxglove.PoseInFrame: timestamp 1 Timestamp, frame_id 2 string, pose 3 Pose",
        "foxglove.PosesInFrame: timestamp 1 Timestamp, frame_id 2 string, poses 3 *Pose",
        "foxglove.FrameTransform: timestamp 1 Timestamp, parent_frame_id 2 string, child_frame_id 3 string, translation 4 Vector3, rotation 5 Quaternion",
        "foxglove.FrameTransforms: transforms 1 *FrameTransform",
        "foxglove.SceneUpdate: deletions 1 *SceneEntityDeletion, entities 2 *SceneEntity",
        "foxglove.SceneEntityDeletion: timestamp 1 Timestamp, type 2 .Type, id 3 string | Type: MATCHING_ID ALL",
        "foxglove.SceneEntity: timestamp 1 Timestamp, frame_id 2 string, id 3 string, lifetime 4 Duration, frame_locked 5 bool, metadata 6 *KeyValuePair,"
            + " arrows 7 *ArrowPrimitive, cubes 8 *CubePrimitive, spheres 9 *SpherePrimitive, cylinders 10 *CylinderPrimitive, lines 11 *LinePrimitive,"
            + " triangles 12 *TriangleListPrimitive, texts 13 *TextPrimitive, models 14 *ModelPrimitive",
        "foxglove.ArrowPrimitive: pose 1 Pose, shaft_length 2 double, shaft_diameter 3 double, head_length 4 double, head_diameter 5 double, color 6 Color",
        "foxglove.CubePrimitive: pose 1 Pose, size 2 Vector3, color 3 Color",
        "foxglove.SpherePrimitive: pose 1 Pose, size 2 Vector3, color 3 Color",
        "foxglove.CylinderPrimitive: pose 1 Pose, size 2 Vector3, bottom_scale 3 double, top_scale 4 double, color 5 Color",
        "foxglove.LinePrimitive: type 1 .Type, pose 2 Pose, thickness 3 double, scale_invariant 4 bool, points 5 *Point3, color 6 Color, colors 7 *Color,"
            + " indices 8 *fixed32 | Type: LINE_STRIP LINE_LOOP LINE_LIST",
        "foxglove.TriangleListPrimitive: pose 1 Pose, points 2 *Point3, color 3 Color, colors 4 *Color, indices 5 *fixed32",
        "foxglove.TextPrimitive: pose 1 Pose, billboard 2 bool, font_size 3 double, scale_invariant 4 bool, color 5 Color, text 6 string",
        "foxglove.ModelPrimitive: pose 1 Pose, scale 2 Vector3, color 3 Color, override_color 4 bool, url 5 string, media_type 6 string, data 7 bytes",
        "foxglove.CircleAnnotation: timestamp 1 Timestamp, position 2 Point2, diameter 3 double, thickness 4 double, fill_color 5 Color, outline_color 6 Color,"
            + " metadata 7 *KeyValuePair",
        "foxglove.PointsAnnotation: timestamp 1 Timestamp, type 2 .Type, points 3 *Point2, outline_color 4 Color, outline_colors 5 *Color, fill_color 6 Color,"
            + " thickness 7 double, metadata 8 *KeyValuePair | Type: UNKNOWN POINTS LINE_LOOP LINE_STRIP LINE_LIST",
        "foxglove.TextAnnotation: timestamp 1 Timestamp, position 2 Point2, text 3 string, font_size 4 double, text_color 5 Color, background_color 6 Color,"
            + " metadata 7 *KeyValuePair",
        "foxglove.ImageAnnotations: circles 1 *CircleAnnotation, points 2 *PointsAnnotation, texts 3 *TextAnnotation, metadata 4 *KeyValuePair, timestamp 5 ?Timestamp",
    ];

    private static readonly Dictionary<string, ProtoMessage> Messages = Table.Select(Parse).ToDictionary(m => m.Name, StringComparer.Ordinal);

    /// <summary>Gets the schema of a log line.</summary>
    public static FoxgloveSchema Log { get; } = Build("foxglove.Log");

    /// <summary>Gets the schema of an uncompressed image.</summary>
    public static FoxgloveSchema RawImage { get; } = Build("foxglove.RawImage");

    /// <summary>Gets the schema of a PNG (or JPEG …) image.</summary>
    public static FoxgloveSchema CompressedImage { get; } = Build("foxglove.CompressedImage");

    /// <summary>Gets the schema of a grid of cells with named fields.</summary>
    public static FoxgloveSchema Grid { get; } = Build("foxglove.Grid");

    /// <summary>Gets the schema of a range scan.</summary>
    public static FoxgloveSchema LaserScan { get; } = Build("foxglove.LaserScan");

    /// <summary>Gets the schema of one pose.</summary>
    public static FoxgloveSchema PoseInFrame { get; } = Build("foxglove.PoseInFrame");

    /// <summary>Gets the schema of a path.</summary>
    public static FoxgloveSchema PosesInFrame { get; } = Build("foxglove.PosesInFrame");

    /// <summary>Gets the schema of one transform between two frames.</summary>
    public static FoxgloveSchema FrameTransform { get; } = Build("foxglove.FrameTransform");

    /// <summary>Gets the schema of several transforms.</summary>
    public static FoxgloveSchema FrameTransforms { get; } = Build("foxglove.FrameTransforms");

    /// <summary>Gets the schema of things in space.</summary>
    public static FoxgloveSchema SceneUpdate { get; } = Build("foxglove.SceneUpdate");

    /// <summary>Gets the schema of marks on an image.</summary>
    public static FoxgloveSchema ImageAnnotations { get; } = Build("foxglove.ImageAnnotations");

    /// <summary>Gets the names of all messages in the table, those used only inside others too.</summary>
    internal static IReadOnlyCollection<string> Names => Messages.Keys;

    /// <summary>Returns the schema of any message in the table: the FileDescriptorSet of its file and of all that it imports.</summary>
    /// <exception cref="ArgumentException">The table does not have the message.</exception>
    internal static FoxgloveSchema Build(string name)
    {
        if (!Messages.ContainsKey(name)) throw new ArgumentException($"There is no Foxglove message '{name}' in the table of schemas; known are {string.Join(", ", Messages.Keys)}.", nameof(name));
        var files = new List<ProtoMessage>();
        Collect(name, files);
        var writer = new ProtoWriter();
        foreach (var file in files) file.WriteFile(writer, 1);
        return new FoxgloveSchema(name, FoxgloveSchema.Protobuf, writer.Written.ToArray());
    }

    private static void Collect(string name, List<ProtoMessage> files)
    {
        var message = Messages[name];
        if (files.Contains(message)) return;
        foreach (string import in message.Imports) Collect(import, files);
        files.Add(message);
    }

    private static ProtoMessage Parse(string line)
    {
        string[] parts = line.Split(" | ");
        int colon = parts[0].IndexOf(':', StringComparison.Ordinal);
        var fields = parts[0][(colon + 1)..].Split(',', StringSplitOptions.TrimEntries).Select(text =>
        {
            string[] words = text.Split(' ');
            string type = words[2];
            bool repeated = type[0] == '*', optional = type[0] == '?';
            return new ProtoField(words[0], int.Parse(words[1], CultureInfo.InvariantCulture), repeated || optional ? type[1..] : type, repeated, optional);
        });
        string[] values = parts.Length > 1 ? parts[1].Split([':', ' '], StringSplitOptions.RemoveEmptyEntries) : [];
        return new ProtoMessage(parts[0][..colon], [.. fields], values);
    }
}
