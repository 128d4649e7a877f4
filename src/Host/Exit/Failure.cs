using System.Net.Sockets;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>What the user is told when a verb ends with an exception: the one place that maps exceptions to exit codes.</summary>
/// <param name="Code">What the process returns.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Detail">The stack trace of a defect of ours; null when the user can mend the matter.</param>
public sealed record Failure(ExitCode Code, string Message, string? Detail = null)
{
    /// <summary>Describes an exception.</summary>
    public static Failure From(Exception exception) => exception switch
    {
        EdgeException known => new(known.Code, known.Message),
        FileNotFoundException missing => new(ExitCode.InputMissing, Missing(missing.FileName, missing.Message)),
        DirectoryNotFoundException missing => new(ExitCode.InputMissing, Sentence(missing.Message)),
        UnauthorizedAccessException denied => new(ExitCode.InputMissing, Sentence(denied.Message)),
        BundleException { Refusal: BundleRefusal.Missing } missing => new(ExitCode.InputMissing, Sentence(missing.Message)),
        BundleException refused => new(ExitCode.Io, Sentence(refused.Message)),
        // Content first: InvalidDataException is no IOException, EndOfStreamException is one, and both carry our own sentence.
        InvalidDataException content => new(ExitCode.Io, Sentence(content.Message)),
        NotSupportedException kind => new(ExitCode.Io, Sentence(kind.Message)),
        SocketException socket => new(ExitCode.Io, Sentence(socket.Message)),
        IOException io => new(ExitCode.Io, Sentence(io.Message)),
        AggregateException { InnerExceptions.Count: 1 } wrapped => From(wrapped.InnerExceptions[0]),
        _ => new(ExitCode.Internal, $"Bug in EdgeAutonomy: {exception.GetType().Name}: {Sentence(exception.Message)} Please report it with the trace.", exception.ToString()),
    };

    private static string Missing(string? path, string message) =>
        path is null ? Sentence(message) : $"{path} does not exist; check the path.";

    private static string Sentence(string message) => message.EndsWith('.') || message.EndsWith('!') ? message : message + ".";
}
