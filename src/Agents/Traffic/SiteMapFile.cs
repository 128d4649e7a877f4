using System.Globalization;
using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>Keeps site maps: one JSON file with <c>nodes</c> {name, x, y}, <c>edges</c> {from, to, maxSpeed, both} and <c>zones</c> {id, outline, capacity, policy, corridor, order}.</summary>
/// <remarks>
/// Metres and m/s. An edge leads one way unless <c>both</c> is true; without <c>maxSpeed</c> it has no limit. Outlines are lists of [x, y]; capacity is 1, policy <c>stop</c> (or <c>evacuate</c>, <c>continue</c>), corridor empty and order 0 where
/// they are not given. A member that is missing, unknown, doubled or out of range is an error that says what and where. Reading is total: arbitrary bytes give <see cref="InvalidDataException"/> and nothing else. Thread-safe.
/// </remarks>
public static class SiteMapFile
{
    /// <summary>How the name of a file ends.</summary>
    public const string Ending = ".site.json";

    /// <summary>The largest file, bytes.</summary>
    public const int MaxBytes = 32 << 20;

    /// <summary>The most nodes.</summary>
    public const int MaxNodes = 100_000;

    /// <summary>The most edges.</summary>
    public const int MaxEdges = 400_000;

    /// <summary>The most corners of an outline.</summary>
    public const int MaxCorners = 256;

    /// <summary>The longest name of a node; longer ones do not fit a plan.</summary>
    public const int MaxName = 64;

    private const string Format = "edge-site";
    private const int Version = 1;
    private const double MaxCoordinate = 1e6;
    private static readonly string[] Policies = ["stop", "evacuate", "continue"];

    /// <summary>Writes a map, whole or not at all.</summary>
    /// <param name="path">The file, ending in <see cref="Ending"/>.</param>
    /// <param name="map">The map.</param>
    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    /// <exception cref="IOException">The system cannot write.</exception>
    public static void Write(string path, SiteMap map)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.EndsWith(Ending, StringComparison.Ordinal)) throw new ArgumentException($"'{path}' must end in {Ending}.", nameof(path));
        string next = path + ".next";
        File.WriteAllBytes(next, ToBytes(map));
        File.Move(next, path, overwrite: true);
    }

    /// <summary>Returns a map as the bytes of a file. Equal maps give equal bytes.</summary>
    public static byte[] ToBytes(SiteMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var content = new SiteMapFileContent { Format = Format, Version = Version, Name = map.Name.Length > 0 ? map.Name : null };
        if (map.Graph is { } graph)
        {
            content.Nodes = [.. Enumerable.Range(0, graph.NodeCount).Select(i => new SiteNodeContent { Name = graph[i].Name, X = graph[i].Position.X, Y = graph[i].Position.Y })];
            content.Edges = [.. Edges(graph)];
        }
        if (map.Zones is { } zones) content.Zones = [.. Enumerable.Range(0, zones.Count).Select(i => Content(zones[i]))];
        return JsonSerializer.SerializeToUtf8Bytes(content, SiteMapFileJson.Default.SiteMapFileContent);
    }

    /// <summary>Reads a map.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no map; the message says what is wrong and where.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static SiteMap Read(string path)
    {
        var info = new FileInfo(path);
        if (info.Exists && info.Length > MaxBytes) throw TooLarge(path, info.Length);
        return Read(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads a map from bytes.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="name">What to call it in error messages.</param>
    /// <exception cref="InvalidDataException">It is no map; the message says what is wrong and where.</exception>
    public static SiteMap Read(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.Length > MaxBytes) throw TooLarge(name, bytes.Length);
        SiteMapFileContent? content;
        try
        {
            // A byte order mark is allowed: editors write it unasked.
            content = JsonSerializer.Deserialize(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes, SiteMapFileJson.Default.SiteMapFileContent);
        }
        catch (JsonException e)
        {
            string where = e.Path is { Length: > 1 } path ? $" ({UntrustedText.Clean(path[(path.StartsWith("$.", StringComparison.Ordinal) ? 2 : 0)..], 80)})" : "";
            throw new InvalidDataException(Line($"{name}: line {e.LineNumber + 1}, byte {e.BytePositionInLine}{where}: no valid JSON, a member that is there twice, or a value of the wrong type."), e);
        }
        try
        {
            return Map(content ?? throw new InvalidDataException("the file holds null; must be an object"));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{name}: {e.Message}.", e);
        }
    }

    private static SiteMap Map(SiteMapFileContent c)
    {
        Known("the file", c.Unknown, "format, version, name, nodes, edges, zones");
        if (c.Format != Format) throw Fault($"format is {Quote(c.Format)}; must be '{Format}'");
        if (c.Version != Version) throw Fault($"version is {c.Version?.ToString(CultureInfo.InvariantCulture) ?? "missing"}; this program reads {Version}");
        if (c.Name is { } name && (name.Length > 256 || UntrustedText.Clean(name, 256) != name)) throw Fault($"name is {Quote(name)}; must have at most 256 characters, none of them a control character");
        if (c.Nodes is null && c.Edges is not null) throw Fault("there are edges without nodes; add nodes");
        return new SiteMap(c.Name ?? "", c.Nodes is null ? null : Graph(c.Nodes, c.Edges ?? []), c.Zones is null ? null : Zones(c.Zones));
    }

    private static RouteGraph Graph(SiteNodeContent?[] nodes, SiteEdgeContent?[] edges)
    {
        Count("nodes", nodes.Length, 1, MaxNodes);
        Count("edges", edges.Length, 0, MaxEdges);
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var points = new (string, Vector2D)[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            var n = nodes[i] ?? throw Fault($"nodes[{i}] is null; must be an object");
            Known($"nodes[{i}]", n.Unknown, "name, x, y");
            if (n.Name is not { Length: > 0 and <= MaxName } || UntrustedText.Clean(n.Name, MaxName) != n.Name) throw Fault($"nodes[{i}].name is {Quote(n.Name)}; must have 1 to {MaxName} characters, none of them a control character");
            if (!index.TryAdd(n.Name, i)) throw Fault($"nodes[{i}].name is {Quote(n.Name)}, as is nodes[{index[n.Name]}].name; names must differ");
            points[i] = (n.Name, new Vector2D(Coordinate(n.X, $"nodes[{i}].x"), Coordinate(n.Y, $"nodes[{i}].y")));
        }
        var ways = new List<(int, int, double)>();
        var taken = new Dictionary<(int, int), int>();
        for (int i = 0; i < edges.Length; i++)
        {
            var e = edges[i] ?? throw Fault($"edges[{i}] is null; must be an object");
            Known($"edges[{i}]", e.Unknown, "from, to, maxSpeed, both");
            int from = End(e.From, $"edges[{i}].from"), to = End(e.To, $"edges[{i}].to");
            if (from == to) throw Fault($"edges[{i}] leads from {Quote(e.From)} to itself; must join two nodes");
            if (e.MaxSpeed is { } speed && !(speed is > 0 and <= 100)) throw Fault($"edges[{i}].maxSpeed is {Text(speed)}; must be above 0 and at most 100 m/s");
            Add(from, to, i, e);
            if (e.Both == true) Add(to, from, i, e);
        }
        return new RouteGraph(points, ways);

        int End(string? node, string where) => node is not null && index.TryGetValue(node, out int at) ? at : throw Fault($"{where} is {Quote(node)}; must be the name of a node");

        void Add(int from, int to, int edge, SiteEdgeContent e)
        {
            if (!taken.TryAdd((from, to), edge)) throw Fault($"edges[{edge}] leads from '{points[from].Item1}' to '{points[to].Item1}', as does edges[{taken[(from, to)]}]; one is enough");
            ways.Add((from, to, e.MaxSpeed ?? double.PositiveInfinity));
        }
    }

    private static ZoneMap Zones(SiteZoneContent?[] zones)
    {
        Count("zones", zones.Length, 0, ZoneMap.MaxZones);
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var all = new Zone[zones.Length];
        for (int i = 0; i < zones.Length; i++)
        {
            var z = zones[i] ?? throw Fault($"zones[{i}] is null; must be an object");
            Known($"zones[{i}]", z.Unknown, "id, outline, capacity, policy, corridor, order");
            if (!ZoneWire.IsId(z.Id)) throw Fault($"zones[{i}].id is {Quote(z.Id)}; must be 1 to 32 of A-Z a-z 0-9 _ . : -");
            if (!index.TryAdd(z.Id!, i)) throw Fault($"zones[{i}].id is '{z.Id}', as is zones[{index[z.Id!]}].id; ids must differ");
            if (z.Capacity is < 1 or > 1000) throw Fault($"zones[{i}].capacity is {z.Capacity}; must be in [1, 1000]");
            int policy = Array.IndexOf(Policies, z.Policy ?? Policies[0]);
            if (policy < 0) throw Fault($"zones[{i}].policy is {Quote(z.Policy)}; must be {string.Join(", ", Policies[..^1])} or {Policies[^1]}");
            if (z.Corridor is { Length: > 0 } && !ZoneWire.IsId(z.Corridor)) throw Fault($"zones[{i}].corridor is {Quote(z.Corridor)}; must be 1 to 32 of A-Z a-z 0-9 _ . : -, or empty");
            if (z.Order is not null && string.IsNullOrEmpty(z.Corridor)) throw Fault($"zones[{i}].order is {z.Order}, but there is no corridor; add one or leave the order out");
            all[i] = new Zone(z.Id!, Outline(z.Outline, $"zones[{i}].outline"), z.Capacity ?? 1, (ZoneLossPolicy)policy, z.Corridor ?? "", z.Order ?? 0);
        }
        return new ZoneMap(all);
    }

    private static Vector2D[] Outline(double[]?[]? corners, string where)
    {
        if (corners is null) throw Fault($"{where} is missing; must be a list of [x, y]");
        Count(where, corners.Length, 3, MaxCorners);
        var outline = new Vector2D[corners.Length];
        for (int i = 0; i < outline.Length; i++)
        {
            if (corners[i] is not { Length: 2 } corner) throw Fault($"{where}[{i}] has {corners[i]?.Length ?? 0} numbers; must be [x, y]");
            outline[i] = new Vector2D(Coordinate(corner[0], $"{where}[{i}][0]"), Coordinate(corner[1], $"{where}[{i}][1]"));
        }
        double doubled = 0;
        for (int i = 0; i < outline.Length; i++) doubled += Vector2D.Det(outline[i] - outline[0], outline[(i + 1) % outline.Length] - outline[0]);
        return Math.Abs(doubled) > 1e-9 ? outline : throw Fault($"{where} encloses no area; its corners must not lie on one line");
    }

    private static IEnumerable<SiteEdgeContent> Edges(RouteGraph graph)
    {
        for (int i = 0; i < graph.NodeCount; i++)
        {
            foreach (var edge in graph.From(i).ToArray())
            {
                // One entry per pair where both ways are alike.
                bool both = graph.From(edge.To).ToArray().Any(back => back.To == i && back.MaxSpeed == edge.MaxSpeed);
                if (both && edge.To < i) continue;
                yield return new SiteEdgeContent { From = graph[i].Name, To = graph[edge.To].Name, MaxSpeed = double.IsFinite(edge.MaxSpeed) ? edge.MaxSpeed : null, Both = both ? true : null };
            }
        }
    }

    private static SiteZoneContent Content(Zone z) => new()
    {
        Id = z.Id, Outline = [.. z.Outline.Select(p => new[] { p.X, p.Y })], Capacity = z.Capacity == 1 ? null : z.Capacity, Policy = z.Policy == ZoneLossPolicy.Stop ? null : Policies[(int)z.Policy],
        Corridor = z.Corridor.Length == 0 ? null : z.Corridor, Order = z.Corridor.Length == 0 || z.Order == 0 ? null : z.Order,
    };

    private static double Coordinate(double? value, string where)
        => value is >= -MaxCoordinate and <= MaxCoordinate ? value.Value : throw Fault($"{where} is {(value is { } v ? Text(v) : "missing")}; must be in [{Text(-MaxCoordinate)}, {Text(MaxCoordinate)}] m");

    private static void Count(string what, int count, int least, int most)
    {
        if (count < least || count > most) throw Fault($"{what} has {count} entries; must be {least} to {most}");
    }

    private static void Known(string where, Dictionary<string, JsonElement>? unknown, string known)
    {
        if (unknown is { Count: > 0 }) throw Fault($"{where} has the unknown member {Quote(unknown.Keys.First())}; known are {known}");
    }

    private static string Quote(string? text) => text is null ? "missing" : $"'{UntrustedText.Clean(text, 40)}'";

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Line(FormattableString text) => FormattableString.Invariant(text);

    private static InvalidDataException Fault(string text) => new(text);

    private static InvalidDataException TooLarge(string name, long bytes) => new(Line($"{name}: the file has {bytes} bytes; at most {MaxBytes} are read."));
}
