using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace EdgeAutonomy.Host.Tests;

/// <summary>What <c>edge doctor</c> says about machines that are fit and that are not; the machine is a folder where its answers matter.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("edge-doctor-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Doctor_Json_HasOneObjectWithEveryCheckAndARemedyForEveryFinding()
    {
        var (code, result) = Doctor();
        Assert.Equal(result.GetProperty("healthy").GetBoolean() ? 0 : 78, code);
        string[] looked = [.. result.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("where").GetString()!.Split(':')[0]).Distinct()];
        foreach (string part in (string[])["board", "realtime", "serial", "mqtt", "onnx", "gpu", "Recording"]) Assert.Contains(part, looked);
        Assert.All(result.GetProperty("checks").EnumerateArray(), c => Assert.Contains(c.GetProperty("status").GetString(), (string[])["ok", "warning", "error"]));
        Assert.All(result.GetProperty("checks").EnumerateArray(), c => Assert.EndsWith(".", c.GetProperty("message").GetString(), StringComparison.Ordinal));
        AssertFindings(result);
        var lateness = Assert.Single(result.GetProperty("figures").EnumerateArray());
        Assert.Equal(("wake-up lateness", "µs"), (lateness.GetProperty("name").GetString(), lateness.GetProperty("unit").GetString()));
        Assert.True(lateness.GetProperty("p50").GetDouble() <= lateness.GetProperty("p99").GetDouble() && lateness.GetProperty("p99").GetDouble() <= lateness.GetProperty("max").GetDouble());
        Assert.True(result.GetProperty("machine").GetProperty("cores").GetInt32() > 0);
        Assert.DoesNotContain("Bug in", result.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_ClosedPort_IsOneErrorWithOneSentence()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        listener.Dispose();
        var (code, result) = Doctor("--broker", $"mqtt://127.0.0.1:{port}");
        Assert.Equal(78, code);
        var finding = Assert.Single(result.GetProperty("findings").EnumerateArray(), f => f.GetProperty("where").GetString() == "mqtt:broker");
        Assert.Equal(("error", $"Broker 127.0.0.1:{port} cannot be reached: nothing listens there."), (finding.GetProperty("severity").GetString(), finding.GetProperty("message").GetString()));
        AssertFindings(result);
    }

    [Fact]
    public void Doctor_ListenerThatIsNoBroker_EndsInTimeWithAnError()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var found = BrokerCheck.Run(Context(broker: new Uri($"mqtt://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}"))).ToList();
        if (found[0].Level != DiagnosisLevel.Ok) return; // without the library there is nothing to talk with
        Assert.Equal(("mqtt:broker", DiagnosisLevel.Error), (found[1].Where, found[1].Level));
        Assert.NotEmpty(found[1].Remedy);
    }

    [Fact]
    public void Doctor_BrokenConfiguration_TellsItsErrorsAsValidateDoes()
    {
        string file = Path.Combine(_root, "robot.json");
        File.WriteAllText(file, ValidConfiguration.Set(("Robot:Id", "\"a b\"")));
        var (code, result) = Doctor("--config", file);
        Assert.Equal(78, code);
        Assert.Equal("Robot:Id", result.GetProperty("findings")[0].GetProperty("where").GetString());
        File.WriteAllText(file, ValidConfiguration.Json);
        (_, result) = Doctor("--config", file);
        Assert.Contains(result.GetProperty("checks").EnumerateArray(), c => c.GetProperty("where").GetString() == "configuration" && c.GetProperty("status").GetString() == "ok");
        Assert.Contains(result.GetProperty("checks").EnumerateArray(), c => c.GetProperty("message").GetString()!.Contains(Path.Combine(_root, "recordings"), StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(_root, "recordings")), "it has made a folder");
    }

    [Fact]
    public void Doctor_MissingConfiguration_Is66()
    {
        var error = new StringWriter();
        Assert.Equal(66, EdgeProgram.Run(["doctor", "--config", "/nowhere/robot.json"], new Terminal(new StringWriter(), error)));
        Assert.Contains("/nowhere/robot.json does not exist", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("powersave", 45_000, "board:governor", "The clock frequency governor is powersave")]
    [InlineData("performance", 85_000, "board:heat", "The hottest of 1 thermal zones, cpu-thermal, has 85.0 °C.")]
    [InlineData("performance", 97_000, "board:heat", "throttle or switch off")]
    public void Board_ThatIsSlowOrHot_IsTold(string governor, int milliCelsius, string where, string sentence)
    {
        Put("/proc/device-tree/model", "NVIDIA Jetson Orin Nano\0");
        Put("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", governor);
        Put("/sys/class/thermal/thermal_zone0/type", "cpu-thermal");
        Put("/sys/class/thermal/thermal_zone0/temp", milliCelsius.ToString(CultureInfo.InvariantCulture));
        var all = BoardCheck.Run(Context()).ToList();
        Assert.StartsWith("NVIDIA Jetson Orin Nano, ", all[0].Message, StringComparison.Ordinal);
        var finding = Assert.Single(all, d => d.Level != DiagnosisLevel.Ok && d.Where is "board:governor" or "board:heat" && d.Level != DiagnosisLevel.Ok);
        Assert.Equal(where, finding.Where);
        Assert.Contains(sentence, finding.Message, StringComparison.Ordinal);
        Assert.NotEmpty(finding.Remedy);
        Assert.Equal(milliCelsius > 95_000 ? DiagnosisLevel.Error : DiagnosisLevel.Warning, finding.Level);
    }

    [Theory]
    [InlineData("0", "Warn", "0000000000000000", "Warning")]
    [InlineData("0", "Strict", "0000000000000000", "Error")]
    [InlineData("79", "Strict", "0000000000000000", "Error")]
    [InlineData("80", "Strict", "0000000000000000", "Ok")]
    [InlineData("unlimited", "Strict", "0000000000000000", "Ok")]
    [InlineData("0", "Strict", "0000000000800000", "Ok")]
    public void RealTime_PriorityOfTheConfiguration_IsHeldAgainstLimitAndCapability(string limit, string policy, string capabilities, string expected)
    {
        Put("/proc/self/limits", $"Limit                     Soft Limit           Hard Limit           Units     \nMax locked memory         65536                65536                bytes     \nMax realtime priority     {limit}                    {limit}                    \n");
        Put("/proc/self/status", $"Name:\tedge\nCapEff:\t{capabilities}\n");
        var context = Context(ValidConfiguration.Set(("RealTime:Scheduler", "\"Fifo\""), ("RealTime:LockMemory", "true"), ("RealTime:OnError", $"\"{policy}\"")));
        var all = RealTimeCheck.Run(context).ToList();
        Assert.Equal(Enum.Parse<DiagnosisLevel>(expected), all.Single(d => d.Where == "realtime:priority").Level);
        var memory = all.Single(d => d.Where == "realtime:memory");
        Assert.Equal(policy == "Strict" ? DiagnosisLevel.Error : DiagnosisLevel.Warning, memory.Level);
        Assert.StartsWith("RLIMIT_MEMLOCK is 64 KiB", memory.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RealTime_NoRealTimeAllowedAtAll_IsAnErrorOnlyWhereItIsAskedFor()
    {
        Put("/proc/self/limits", "Max realtime priority     99                   99                   \n");
        Put("/proc/sys/kernel/sched_rt_runtime_us", "0\n");
        Assert.DoesNotContain(RealTimeCheck.Run(Context()), d => d.Level != DiagnosisLevel.Ok);
        var finding = Assert.Single(RealTimeCheck.Run(Context(ValidConfiguration.Set(("RealTime:Scheduler", "\"Fifo\"")))), d => d.Level == DiagnosisLevel.Error);
        Assert.Equal("realtime:budget", finding.Where);
    }

    [Fact]
    public void Serial_DevicesOfTheConfiguration_AreLookedFor()
    {
        Put("/dev/ttyACM0", "");
        var absent = Assert.Single(SerialCheck.Run(Context(ValidConfiguration.Set(("Loops:avoid:Act:Device", "\"/dev/ttyUSB7\"")))));
        Assert.Equal((DiagnosisLevel.Error, "Loops:avoid:Act:Device is '/dev/ttyUSB7'; there is no such device."), (absent.Level, absent.Message));
        var there = Assert.Single(SerialCheck.Run(Context(ValidConfiguration.Set(("Loops:avoid:Act:Device", "\"/dev/ttyACM0\"")))));
        Assert.Equal(DiagnosisLevel.Ok, there.Level);
        // None configured: those that there are.
        Assert.Equal("serial:/dev/ttyACM0", Assert.Single(SerialCheck.Run(Context())).Where);
    }

    [Fact]
    public void Storage_FolderThatCannotBe_IsAnError()
    {
        string file = Path.Combine(_root, "robot.json"), taken = Path.Combine(_root, "taken");
        File.WriteAllText(taken, "");
        File.WriteAllText(file, ValidConfiguration.Set(("Recording:Path", "\"taken/recordings\"")));
        var finding = Assert.Single(StorageCheck.Run(new DoctorContext(file, ConfigurationFile.Load(file, Stages.All), null, new SystemFiles(_root))));
        Assert.Equal((DiagnosisLevel.Error, "Recording:Path"), (finding.Level, finding.Where));
        Assert.Contains($"{taken} is a file", finding.Message, StringComparison.Ordinal);
        File.WriteAllText(file, ValidConfiguration.Set(("Recording:MinFreeMiB", "1000000")));
        Assert.All(StorageCheck.Run(new DoctorContext(file, ConfigurationFile.Load(file, Stages.All), null, new SystemFiles(_root))), f => Assert.NotEqual(DiagnosisLevel.Ok, f.Level));
    }

    [Fact]
    public void Onnx_LibraryThatIsNone_IsAnErrorWithTheFile()
    {
        string file = Path.Combine(_root, "libonnxruntime.so.1");
        File.WriteAllText(file, "no library");
        var finding = Assert.Single(InferenceCheck.Run(Context(ValidConfiguration.Set(("Onnx:LibraryPath", JsonSerializer.Serialize(file))))), d => d.Where == "onnx");
        // Another one that the system has is taken in its place.
        if (finding.Level == DiagnosisLevel.Warning) return;
        Assert.Equal(DiagnosisLevel.Error, finding.Level);
        Assert.Contains(file, finding.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Onnx_Library_ComputesTheSmallestNetwork()
    {
        string? file = new[] { "libonnxruntime.so.1", "libonnxruntime.so" }.Select(f => Path.Combine(EdgeAutonomy.Tests.SharedData.RepositoryRoot, "artifacts", "onnxruntime", f)).FirstOrDefault(File.Exists);
        Skip.If(file is null, "ONNX Runtime is not in artifacts/onnxruntime; ./edge setup puts it there.");
        var found = Assert.Single(InferenceCheck.Run(Context(ValidConfiguration.Set(("Onnx:LibraryPath", JsonSerializer.Serialize(file))))), d => d.Where == "onnx");
        Assert.True(found.Level == DiagnosisLevel.Ok && found.Message.Contains("computes on CPU", StringComparison.Ordinal), found.Message);
    }

    [Fact]
    public void Run_CheckThatFails_IsAFindingAndTheOthersGoOn()
    {
        var all = Host.Doctor.Run(Context(), _ => { }, [("first", _ => throw new InvalidOperationException("broken")), ("second", _ => [Diagnosis.Ok("second", "Well.")])]);
        Assert.Equal([("first", DiagnosisLevel.Warning), ("second", DiagnosisLevel.Ok)], all.Select(d => (d.Where, d.Level)));
        Assert.Contains("broken", all[0].Message, StringComparison.Ordinal);
    }

    private static void AssertFindings(JsonElement result)
    {
        foreach (var finding in result.GetProperty("findings").EnumerateArray())
        {
            Assert.Contains(finding.GetProperty("severity").GetString(), (string[])["warning", "error"]);
            foreach (string key in (string[])["where", "message", "remedy"]) Assert.NotEmpty(finding.GetProperty(key).GetString()!);
        }
    }

    private static (int Code, JsonElement Result) Doctor(params string[] arguments)
    {
        var output = new StringWriter();
        int code = EdgeProgram.Run(["doctor", "--json", .. arguments], new Terminal(output, new StringWriter()));
        return (code, JsonDocument.Parse(output.ToString()).RootElement.Clone());
    }

    private DoctorContext Context(string? configuration = null, Uri? broker = null) => new(null, configuration is null ? null : ValidConfiguration.Parse(configuration), broker, new SystemFiles(_root));

    private void Put(string path, string content)
    {
        string file = Path.Combine(_root, path.TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }
}
