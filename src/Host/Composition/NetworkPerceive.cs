using EdgeAutonomy.Perception;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Keys of perception by a dense network on frames of events.</summary>
public sealed class NetworkPerceive : PerceiveSection
{
    /// <summary>Gets the network.</summary>
    [Option("The network, an ONNX file: one input [1, channels, rows, columns]; the output time_to_contact and, where it has them, confidence and range, each with one number per sector from left to right.", Required = true, IsFile = true)]
    public string Model { get; init; } = "";

    /// <summary>Gets which engine runs it.</summary>
    [Option("Which engine runs it: Managed replays bit for bit; Onnx takes ONNX Runtime or refuses to start; Auto takes ONNX Runtime where its library is found. The percepts of the last two are replayed from the log, without network and library.")]
    public InferenceChoice Engine { get; init; }

    /// <summary>Gets whether a replay computes the percepts again. It follows from the configuration alone: which engine Auto found must not decide what a replay does elsewhere.</summary>
    internal bool IsReplayedExactly => Engine == InferenceChoice.Managed;

    /// <summary>Gets the sensor's columns.</summary>
    [Option("Columns of the sensor; 0 = as the event file says.", Min = 0, Max = 4096)]
    public int Width { get; init; }

    /// <summary>Gets the sensor's rows.</summary>
    [Option("Rows of the sensor; 0 = as the event file says.", Min = 0, Max = 4096)]
    public int Height { get; init; }

    /// <summary>Gets the camera's horizontal field of view.</summary>
    [Option("Horizontal field of view of the camera in degrees.", Min = 5, Max = 170)]
    public double FieldOfViewDegrees { get; init; } = 60;

    /// <summary>Gets what the channels of a frame hold.</summary>
    [Option("What the channels of a frame hold: Count (one channel), Polarity (two), Voxel (as many bins of time as the network has channels).")]
    public EventFrameKind Frame { get; init; } = EventFrameKind.Polarity;

    /// <summary>Gets what is done to the numbers.</summary>
    [Option("What is done to the numbers of a frame: None, Peak (divided by the greatest), Deviation (cells with events brought to mean 0, deviation 1).")]
    public EventFrameScale Scale { get; init; }
}
