using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;
using Google.Protobuf.Reflection;

namespace EdgeAutonomy.Recording.Tests;

public class FoxgloveMessagesTests
{
    [Fact]
    public void Build_EveryMessage_IsAcceptedByGoogle()
    {
        foreach (string name in FoxgloveSchemas.Names)
        {
            var type = DecodedMessage.Describe(FoxgloveSchemas.Build(name));
            Assert.Equal(type.Fields.InDeclarationOrder().Count, type.Fields.InDeclarationOrder().Select(f => f.FieldNumber).Distinct().Count());
        }
    }

    [Fact]
    public void Build_SceneUpdate_HoldsImportsBeforeTheirUsers()
    {
        var set = FileDescriptorSet.Parser.ParseFrom(FoxgloveSchemas.SceneUpdate.Data.ToArray());
        var seen = new HashSet<string>();
        foreach (var file in set.File)
        {
            Assert.All(file.Dependency, import => Assert.Contains(import, seen));
            Assert.True(seen.Add(file.Name));
        }
        Assert.Contains("google/protobuf/timestamp.proto", seen);
        Assert.Contains("google/protobuf/duration.proto", seen);
        Assert.Contains("foxglove/ModelPrimitive.proto", seen);
        Assert.Equal("foxglove/SceneUpdate.proto", set.File[^1].Name);
    }

    [Fact]
    public void Build_OptionalField_HasPresence()
    {
        var type = DecodedMessage.Describe(FoxgloveSchemas.ImageAnnotations);
        Assert.True(type.FindFieldByName("timestamp").HasPresence);
        Assert.True(type.FindFieldByName("timestamp").RealContainingOneof is null);
    }

    [Fact]
    public void Build_Unknown_Throws() => Assert.Throws<ArgumentException>(() => FoxgloveSchemas.Build("foxglove.Nothing"));

    [Fact]
    public void Log_Sample_MatchesBytesByHand()
    {
        var writer = new ProtoWriter(1);
        writer.Log(new Stamp(1_500_000_002), FoxgloveLogLevel.Warning, "a", "hé");
        // 1: { 1: 1, 2: 500000002 = 0x1DCD6502 → 82 CA B5 EE 01 }, 2: 3, 3: "hé" (68 C3 A9), 4: "a"
        Assert.Equal("0A08080110" + "82CAB5EE01" + "1003" + "1A0368C3A9" + "220161", Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void PoseInFrame_Sample_MatchesBytesByHand()
    {
        var writer = new ProtoWriter();
        writer.PoseInFrame(new Stamp(2_000_000_000), "map", new Pose2(1, -2, 0));
        // 1: { 1: 2 }, 2: "map", 3: { 1: { 1: 1.0, 2: -2.0 }, 2: { 4: 1.0 } }; zero x, y, z of the quaternion and zero z are left out.
        Assert.Equal("0A020802" + "12036D6170" + "1A1F" + "0A12" + "09000000000000F03F" + "1100000000000000C0" + "1209" + "21000000000000F03F", Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void End_LongMessage_HasShortestLength()
    {
        // 127, 128 and 16384 bytes of content need prefixes of one, two and three bytes.
        foreach (var (size, prefix) in new[] { (125, 1), (126, 2), (16381, 3) })
        {
            var writer = new ProtoWriter(4);
            int mark = writer.Begin(1);
            writer.Bytes(2, Enumerable.Repeat((byte)7, size).ToArray());
            writer.End(mark);
            int inner = 1 + (size < 128 ? 1 : 2) + size;
            Assert.Equal(1 + prefix + inner, writer.Length);
            Assert.Equal(7, writer.Written[^1]);
        }
    }

    [Fact]
    public void LaserScan_HitsMissesAndUnknown_AreToldApart()
    {
        var scan = new RangeScan(3) { FirstBearing = -0.5f, BearingStep = 0.5f, MaxRange = 8 };
        (scan.Ranges[0], scan.Ranges[1]) = (2.5f, 8);
        var writer = new ProtoWriter();
        writer.LaserScan(new Stamp(1), "r/base", scan);
        var m = DecodedMessage.Read(FoxgloveSchemas.LaserScan, writer.Written);
        Assert.Equal(2.5, m.Number("ranges", 0));
        Assert.Equal(double.PositiveInfinity, m.Number("ranges", 1));
        Assert.True(double.IsNaN(m.Number("ranges", 2)));
        Assert.Equal(-0.5, m.Number("start_angle"));
        Assert.Equal(0.5, m.Number("end_angle"));
        Assert.Equal("r/base", m.Text("frame_id"));
    }

    [Fact]
    public void Images_Sample_ComeBack()
    {
        var writer = new ProtoWriter();
        writer.RawImage(new Stamp(5), "c", 3, 2, "mono8", 3, [1, 2, 3, 4, 5, 6]);
        var raw = DecodedMessage.Read(FoxgloveSchemas.RawImage, writer.Written);
        Assert.Equal((3, 2, 3, "mono8", "c"), (raw.Number("width"), raw.Number("height"), raw.Number("step"), raw.Text("encoding"), raw.Text("frame_id")));
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 6 }, raw.Bytes("data"));
        writer.Clear();
        writer.CompressedImage(new Stamp(5), "c", "png", [9]);
        var png = DecodedMessage.Read(FoxgloveSchemas.CompressedImage, writer.Written);
        Assert.Equal(("png", "c"), (png.Text("format"), png.Text("frame_id")));
        writer.Clear();
        writer.Grid(new Stamp(5), "map", new Pose2(1, 2, 0), 0.5, 2, [1, 2, 3, 4]);
        var grid = DecodedMessage.Read(FoxgloveSchemas.Grid, writer.Written);
        Assert.Equal((2, 2, 1, 0.5), (grid.Number("column_count"), grid.Number("row_stride"), grid.Number("cell_stride"), grid.Message("cell_size").Number("x")));
        Assert.Equal(1, grid.Message("fields").Number("type"));
    }

    [Fact]
    public void Scene_AllPrimitives_ComeBack()
    {
        var red = new SceneColor(1, 0, 0, 0.5);
        var writer = new ProtoWriter();
        writer.DeleteEntity(new Stamp(1), "old");
        int e = writer.BeginEntity(new Stamp(-1), "map", "things", true);
        writer.Arrow(1, 2, 3, Math.PI, 1, 0.1, red);
        writer.Cube(0, 0, 0, 0, 1, 2, 3, red);
        writer.Cylinder(4, 5, 0.5, 2, red);
        int line = writer.BeginLine(SceneLine.List, 0.02);
        for (int i = 0; i < 40; i++) writer.Point(i, 0, 0);
        writer.EndLine(line, red);
        int triangles = writer.BeginTriangles();
        writer.Triangle(0, 0, 1, 0, 0, 1, 0.1);
        writer.TriangleColor(red);
        writer.End(triangles);
        writer.Label(0, 0, 1, 0.2, red, "<robot>");
        writer.EndEntity(e);
        var scene = DecodedMessage.Read(FoxgloveSchemas.SceneUpdate, writer.Written);
        Assert.Equal("old", scene.Message("deletions").Text("id"));
        var entity = scene.Message("entities");
        Assert.Equal((-1, 999_999_999), (entity.Message("timestamp").Number("seconds"), entity.Message("timestamp").Number("nanos")));
        Assert.Equal(1, entity.Number("frame_locked"));
        // cos(π/2) of the half angle is rounded to 6e-17 at most.
        Assert.Equal(1, entity.Message("arrows").Message("pose").Message("orientation").Number("z"), 1e-15);
        Assert.Equal(2, entity.Message("cubes").Message("size").Number("y"));
        Assert.Equal((1, 1), (entity.Message("cylinders").Message("size").Number("x"), entity.Message("cylinders").Message("pose").Message("position").Number("z")));
        Assert.Equal((2, 40), (entity.Message("lines").Number("type"), entity.Message("lines").Count("points")));
        Assert.Equal((3, 3), (entity.Message("triangles").Count("points"), entity.Message("triangles").Count("colors")));
        Assert.Equal(("<robot>", 1), (entity.Message("texts").Text("text"), entity.Message("texts").Number("billboard")));
        Assert.Equal(0.5, entity.Message("texts").Message("color").Number("a"));
    }

    [Fact]
    public void BoxAnnotation_InclusiveCorners_SpanWholePixels()
    {
        var writer = new ProtoWriter();
        writer.BoxAnnotation(new Stamp(1), new PixelBox(0, 2, 4, 6, 9), new SceneColor(1, 1, 0), 2);
        var points = DecodedMessage.Read(FoxgloveSchemas.ImageAnnotations, writer.Written).Message("points");
        Assert.Equal(2, points.Number("type"));
        Assert.Equal([(0, 2), (5, 2), (5, 7), (0, 7)], points.Messages("points").Select(p => ((int)p.Number("x"), (int)p.Number("y"))));
    }

    [Fact]
    public void CameraTransform_OpticalAxis_PointsAhead()
    {
        var writer = new ProtoWriter();
        writer.CameraTransform(new Stamp(1), "r/base", "r/camera", 0.1, 0.2);
        var q = DecodedMessage.Read(FoxgloveSchemas.FrameTransform, writer.Written).Message("rotation");
        double x = q.Number("x"), y = q.Number("y"), z = q.Number("z"), w = q.Number("w");
        // Third column of the rotation matrix: the camera's z axis seen from the robot must be its x axis; first column: −y.
        Assert.Equal((1, 0, 0), (2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)));
        Assert.Equal((0, -1, 0), (1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)));
    }

    [Fact]
    public void Write_Again_DoesNotAllocate()
    {
        var writer = new ProtoWriter();
        var scan = new RangeScan(180) { BearingStep = 0.01f, MaxRange = 8 };
        Allocations.AssertNone(() =>
        {
            writer.Clear();
            writer.LaserScan(new Stamp(7), "map", scan);
            int e = writer.BeginEntity(new Stamp(1), "map", "things");
            for (int i = 0; i < 20; i++) writer.Cube(i, 0, 0, 0.1 * i, 1, 2, 3, default);
            writer.EndEntity(e);
        });
    }
}
