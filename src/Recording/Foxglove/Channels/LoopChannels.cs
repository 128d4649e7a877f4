using System.IO.Compression;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording;

/// <summary>The channels of one loop and what they need to remember.</summary>
internal sealed class LoopChannels
{
    public const int Count = 8;

    private const int Image = 0, Boxes = 1, Scan = 2, Pose = 3, Path = 4, Sectors = 5, Latency = 6, Health = 7;

    private readonly ViewChannelOptions _options;
    private readonly ViewRate[] _rates = new ViewRate[Count];
    private readonly PathHistory _path;
    private readonly PngEncoder _png = new(CompressionLevel.Fastest);
    private readonly ProtoWriter _picture = new();
    private int _imageWidth, _imageHeight;

    public LoopChannels(string loop, int firstId, ViewChannelOptions options)
    {
        _options = options;
        _path = new PathHistory(options.PathPoses, options.PathStep);
        BaseFrame = loop + "/base";
        CameraFrame = loop + "/camera";
        Loop = loop;
        for (int i = 0; i < Count; i++) _rates[i] = new ViewRate(i switch { Image => options.ImageHz, Path => options.PathHz, _ => options.OtherHz });
        ViewChannel Make(int index, string name, FoxgloveSchema schema, bool image = false) => new(firstId + index, $"/view/{loop}/{name}", schema, image);
        Channels =
        [
            Make(Image, "image", options.RawImages ? FoxgloveSchemas.RawImage : FoxgloveSchemas.CompressedImage, true),
            Make(Boxes, "boxes", FoxgloveSchemas.ImageAnnotations),
            Make(Scan, "scan", FoxgloveSchemas.LaserScan),
            Make(Pose, "pose", FoxgloveSchemas.PoseInFrame),
            Make(Path, "path", FoxgloveSchemas.PosesInFrame),
            Make(Sectors, "sectors", FoxgloveSchemas.SceneUpdate),
            Make(Latency, "latency", ViewSchemas.Latency),
            Make(Health, "health", ViewSchemas.Health),
        ];
    }

    public string Loop { get; }

    public string BaseFrame { get; }

    public string CameraFrame { get; }

    public IReadOnlyList<ViewChannel> Channels { get; }

    /// <summary>The rung of the last view, so that a change can be logged.</summary>
    public Rung Rung { get; set; }

    /// <summary>The time of the last view; an earlier one means that a replay was wound back.</summary>
    public Stamp Last { get; set; } = Stamp.Never;

    public void Encode(LiveView view, LoopView loop, ProtoWriter writer, ViewJson json, IViewSink sink)
    {
        var now = view.Time;
        if (now < Last) _path.Clear();
        Last = now;
        if (MapScene.TryPose(view, loop, out var place)) _path.Add(place);

        if (loop.Image is { Width: > 0, Height: > 0 } image)
        {
            // Boxes are pixels of the sensor; the picture may have been made smaller than it. Nothing says so in the view, so they count as equal.
            (_imageWidth, _imageHeight) = (image.Width, image.Height);
            if (Due(Image, now, sink)) Send(Image, now, sink, WriteImage(writer, loop.Tag, image));
        }
        if (_imageWidth * _imageHeight > 0 && Due(Boxes, now, sink)) Send(Boxes, now, sink, WriteBoxes(writer, loop));
        if (loop.Scan is { Ranges.Length: > 0 } scan && Due(Scan, now, sink))
        {
            writer.Clear();
            writer.LaserScan(loop.Tag, BaseFrame, scan);
            Send(Scan, now, sink, writer.Written);
        }
        if (loop.Odometry is { } odometry && Due(Pose, now, sink))
        {
            writer.Clear();
            writer.PoseInFrame(loop.Tag, ViewChannels.MapFrame, odometry.Pose);
            Send(Pose, now, sink, writer.Written);
        }
        if (_path.Older.Length > 0 && Due(Path, now, sink))
        {
            writer.Clear();
            writer.PosesInFrame(loop.Tag, ViewChannels.MapFrame, _path.Older, _path.Newer);
            Send(Path, now, sink, writer.Written);
        }
        if (loop.Sectors.Count > 0 && Due(Sectors, now, sink)) Send(Sectors, now, sink, WriteSectors(writer, loop));
        if (loop.Latencies.Count > 0 && Due(Latency, now, sink)) Send(Latency, now, sink, json.Latency(loop));
        if (Due(Health, now, sink)) Send(Health, now, sink, json.Health(loop));
    }

    private bool Due(int index, Stamp now, IViewSink sink) => _rates[index].IsDue(now) && sink.Wants(Channels[index].Id);

    private void Send(int index, Stamp now, IViewSink sink, ReadOnlySpan<byte> data)
    {
        sink.Write(Channels[index].Id, now, data);
        _rates[index].Sent(now);
    }

    private ReadOnlySpan<byte> WriteImage(ProtoWriter writer, Stamp time, EventImage image)
    {
        writer.Clear();
        if (_options.RawImages)
        {
            writer.RawImage(time, CameraFrame, image.Width, image.Height, "mono8", image.Width, image.Pixels);
            return writer.Written;
        }
        _picture.Clear();
        _png.Encode(image, _picture);
        writer.CompressedImage(time, CameraFrame, "png", _picture.Written);
        return writer.Written;
    }

    private static ReadOnlySpan<byte> WriteBoxes(ProtoWriter writer, LoopView loop)
    {
        writer.Clear();
        for (int i = 0; i < loop.Boxes.Count; i++) writer.BoxAnnotation(loop.Tag, loop.Boxes[i], ViewPalette.Box, 1.5);
        return writer.Written;
    }

    // One wedge per sector: as long as its range, coloured by time to contact, as opaque as it is certain.
    private ReadOnlySpan<byte> WriteSectors(ProtoWriter writer, LoopView loop)
    {
        writer.Clear();
        int entity = writer.BeginEntity(loop.Tag, BaseFrame, "sectors", frameLocked: true);
        int triangles = writer.BeginTriangles();
        var sectors = loop.Sectors;
        for (int i = 0; i < sectors.Count; i++)
        {
            var sector = sectors[i];
            double half = HalfWidth(sectors, i), range = Finite(sector.Range, _options.SectorRange);
            var (sinA, cosA) = DeterministicMath.SinCos(sector.Bearing - half);
            var (sinB, cosB) = DeterministicMath.SinCos(sector.Bearing + half);
            writer.Triangle(0, 0, range * cosA, range * sinA, range * cosB, range * sinB, 0.03);
        }
        for (int i = 0; i < sectors.Count; i++)
        {
            var sector = sectors[i];
            double sure = Math.Clamp(Finite(sector.Confidence, 0), 0, 1);
            writer.TriangleColor(ViewPalette.OfContact(sector.TimeToContact).WithOpacity(0.15 + 0.45 * sure));
        }
        writer.End(triangles);
        writer.EndEntity(entity);
        return writer.Written;
    }

    private static double Finite(float value, double otherwise) => float.IsFinite(value) ? value : otherwise;

    // Sectors are given by their middles; half of the way to a neighbour is where they meet.
    private static double HalfWidth(IReadOnlyList<SectorEstimate> sectors, int index)
    {
        const double Alone = 0.2;
        if (sectors.Count < 2) return Alone;
        int neighbour = index > 0 ? index - 1 : index + 1;
        double half = 0.5 * Math.Abs(sectors[index].Bearing - sectors[neighbour].Bearing);
        return double.IsFinite(half) && half > 0 ? Math.Min(half, 0.5 * Math.PI) : Alone;
    }
}
