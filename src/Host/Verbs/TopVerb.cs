using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace EdgeAutonomy.Host;

/// <summary>Watches a running process from a terminal, over its live endpoint.</summary>
internal sealed class TopVerb : Verb
{
    private const string Standard = "http://127.0.0.1:8765";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(0.5), PlainEvery = TimeSpan.FromSeconds(5), Patience = TimeSpan.FromSeconds(3);

    private readonly Argument<string> _url = new("url") { Description = "Address of the live endpoint.", DefaultValueFactory = _ => Standard };
    private readonly Option<bool> _once = new("--once") { Description = "Print the tables once and end." };
    private readonly Option<string?> _loop = VerbOption.Text("--loop", "name", "Whose latencies are shown; otherwise the first loop's.");

    /// <summary>Makes the verb.</summary>
    public TopVerb()
        : base(
            "top",
            "Live latency and health table of a running process, over its live endpoint.",
            "edge top",
            "edge top http://192.168.1.20:8765 --loop drive",
            "edge top --once",
            "edge top --json")
    {
        Add(_url);
        Add(_once);
        Add(_loop);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        string given = parse.GetValue(_url)!;
        // A bare address is what one remembers; the page's own path is what one copies.
        if (!Uri.TryCreate(given.Contains("://", StringComparison.Ordinal) ? given : "http://" + given, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new EdgeException(ExitCode.Usage, $"'{given}' is no address; write it like {Standard}.");
        using var client = new HttpClient { BaseAddress = new Uri(url.GetLeftPart(UriPartial.Authority)), Timeout = Patience, MaxResponseContentBufferSize = 1 << 24 };
        string? loop = parse.GetValue(_loop);
        using var signals = new StopSignals();
        var cycle = Ask(client, signals.Token);
        if (loop is not null && !Loops(cycle).Any(l => Text(l, "loop") == loop))
            throw new EdgeException(ExitCode.Usage, $"--loop is '{loop}'; the loops there are {string.Join(", ", Loops(cycle).Select(l => Text(l, "loop")))}.");
        if (terminal.Json)
        {
            cycle.Insert(0, "url", client.BaseAddress.ToString());
            terminal.Output.WriteLine(cycle.ToJsonString());
        }
        else if (parse.GetValue(_once))
        {
            TableWriter.Write(terminal, Fleet(cycle));
            terminal.Output.WriteLine();
            TableWriter.Write(terminal, Latency(cycle, loop));
        }
        else if (terminal.OutputIsScreen)
        {
            terminal.OutputScreen().Live(Draw(cycle, loop)).AutoClear(true).Start(live => Watch(client, Every, c => live.UpdateTarget(Draw(c, loop)), signals.Token));
        }
        else
        {
            Watch(client, PlainEvery, c => terminal.Output.Write(TableWriter.Text(Fleet(c)) + "\n" + TableWriter.Text(Latency(c, loop)) + "\n"), signals.Token);
        }
        return ExitCode.Ok;
    }

    private static void Watch(HttpClient client, TimeSpan every, Action<JsonObject> show, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                show(Ask(client, stop));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            stop.WaitHandle.WaitOne(every);
        }
    }

    private static JsonObject Ask(HttpClient client, CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/cycle");
            using var response = client.Send(request, stop);
            using var stream = response.Content.ReadAsStream(stop);
            // Whatever else listens there answers something else than our object.
            var answer = JsonNode.Parse(stream, documentOptions: new JsonDocumentOptions { MaxDepth = 16 }) as JsonObject;
            if (answer?["error"]?["message"] is { } message) throw new EdgeException(ExitCode.Io, $"{client.BaseAddress} answers: {message}");
            if (answer?["loops"] is JsonArray) return answer;
            throw new JsonException();
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !stop.IsCancellationRequested))
        {
            throw new EdgeException(ExitCode.Io, $"Nobody answers at {client.BaseAddress}; start 'edge demo', or 'edge run' with a Live section, or give its address.", exception);
        }
        catch (JsonException exception)
        {
            throw new EdgeException(ExitCode.Io, $"What answers at {client.BaseAddress} is no live endpoint of edge; give its address.", exception);
        }
    }

    private static Rows Draw(JsonObject cycle, string? loop) => new(TableWriter.Draw(Fleet(cycle)), TableWriter.Draw(Latency(cycle, loop)));

    private static TableView Fleet(JsonObject cycle)
    {
        string state = cycle["healthy"]?.GetValue<bool>() == true ? "healthy" : string.Join(" ", cycle["reasons"]!.AsArray().Select(r => r!.GetValue<string>()));
        return new TableView(
            string.Create(CultureInfo.InvariantCulture, $"{Text(cycle, "robot")}   {Number(cycle, "time"):0.0} s   {state}"),
            ["robot", "rung", ">period ms", "reason", ">cycles/s", ">events/s", ">W", ">missed", ">dropped"],
            [.. Loops(cycle).Select(l => (IReadOnlyList<string>)
            [
                Text(l, "loop"), Text(l, "rungName"), Shown(l, "periodMs", "0.###"), Text(l, "periodReason"), Shown(l, "cyclesPerSecond", "N0"), Shown(l, "eventsPerSecond", "N0"),
                Shown(l, "powerWatt", "0.0"), Shown(l, "misses", "N0"), l["dropped"]!.AsObject().Sum(d => d.Value!.GetValue<long>()).ToString("N0", CultureInfo.InvariantCulture),
            ])]);
    }

    private static TableView Latency(JsonObject cycle, string? name)
    {
        var loop = Loops(cycle).FirstOrDefault(l => name is null || Text(l, "loop") == name);
        return new TableView(
            loop is null ? "no loop" : $"{Text(loop, "loop")}, microseconds",
            ["stage", ">Min", ">Mean", ">p50", ">p99", ">p99.9", ">Max", ">Jitter"],
            [.. (loop?["latencies"]?.AsArray() ?? []).OfType<JsonObject>().Select(r => (IReadOnlyList<string>)
            [
                Text(r, "stage"), Shown(r, "minUs", "0.0"), Shown(r, "meanUs", "0.0"), Shown(r, "p50Us", "0.0"), Shown(r, "p99Us", "0.0"),
                Shown(r, "p999Us", "0.0"), Shown(r, "maxUs", "0.0"), Shown(r, "jitterUs", "0.0"),
            ])]);
    }

    private static IEnumerable<JsonObject> Loops(JsonObject cycle) => cycle["loops"]!.AsArray().OfType<JsonObject>();

    private static string Text(JsonObject at, string key) => at[key]?.GetValue<string>() ?? "";

    private static double Number(JsonObject at, string key) => at[key]?.GetValue<double>() ?? double.NaN;

    private static string Shown(JsonObject at, string key, string format) => at[key] is null ? "–" : Number(at, key).ToString(format, CultureInfo.InvariantCulture);
}
