using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAutonomy.Learning;

/// <summary>A training's state in a file: what resuming needs to give the uninterrupted run bit for bit.</summary>
/// <remarks>
/// Little-endian: "EDGETRN1", hash of the configuration, seed, next epoch, optimiser steps, metrics of the epochs so far, then per array its name, length and
/// numbers, in the frame of <see cref="StateFile"/>.
/// Order, augmentation and dropout are functions of (seed, epoch, batch), hence no generator state. Reading never allocates by a length from the file.
/// </remarks>
public static class Checkpoint
{
    private static ReadOnlySpan<byte> Magic => "EDGETRN1"u8;

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <param name="configuration">Hash of everything that must be the same on resuming.</param>
    /// <param name="seed">The seed of the training.</param>
    /// <param name="epochs">The epochs done.</param>
    /// <param name="network">The network.</param>
    /// <param name="optimiser">The optimiser.</param>
    public static void Save(string path, ulong configuration, ulong seed, IReadOnlyList<EpochMetrics> epochs, Network<float> network, Optimiser<float> optimiser)
    {
        var buffer = StateFile.Begin(Magic);
        var w = new StateWriter(buffer);
        w.Write(configuration);
        w.Write(seed);
        w.Write(epochs.Count);
        w.Write(optimiser.Steps);
        foreach (var e in epochs)
        {
            w.Write(e.LearningRate);
            w.Write(e.Loss);
            w.Write(e.Accuracy);
            w.Write(e.GradientNorm);
            w.Write(e.ValidationLoss);
            w.Write(e.ValidationAccuracy);
        }
        foreach (var (name, values) in Arrays(network, optimiser))
        {
            w.WriteSpan<byte>(Encoding.UTF8.GetBytes(name));
            w.WriteSpan<float>(values);
        }
        StateFile.Save(path, buffer);
    }

    /// <summary>Reads a checkpoint into a network and its optimiser.</summary>
    /// <param name="path">The file.</param>
    /// <param name="configuration">Hash of the present configuration.</param>
    /// <param name="seed">The seed of the training.</param>
    /// <param name="network">Takes weights and statistics; unchanged if the file is refused.</param>
    /// <param name="optimiser">Takes moments and steps; unchanged if the file is refused.</param>
    /// <returns>The epochs done.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or it belongs to another network or configuration.</exception>
    public static IReadOnlyList<EpochMetrics> Load(string path, ulong configuration, ulong seed, Network<float> network, Optimiser<float> optimiser)
    {
        var reader = new Cursor(path, StateFile.Load(path, Magic, "checkpoint"));
        ulong savedConfiguration = reader.UInt64(), savedSeed = reader.UInt64();
        if (savedConfiguration != configuration || savedSeed != seed)
        {
            throw new InvalidDataException($"{path}: belongs to configuration {savedConfiguration:X16} with seed {savedSeed}, the present one is {configuration:X16} with seed {seed}; delete it or use another path.");
        }
        int epochs = reader.Int32();
        long steps = (long)reader.UInt64();
        if (epochs < 0 || epochs > reader.Length / 48 || steps < 0) throw new InvalidDataException($"{path}: {epochs} epochs and {steps} steps cannot be; the file is damaged.");
        var metrics = new EpochMetrics[epochs];
        for (int i = 0; i < epochs; i++) metrics[i] = new EpochMetrics(i, reader.Double(), reader.Double(), reader.Double(), reader.Double(), reader.Double(), reader.Double());
        var arrays = Arrays(network, optimiser).ToArray();
        var content = new ReadOnlyMemory<byte>[arrays.Length];
        for (int i = 0; i < arrays.Length; i++) content[i] = reader.Array(arrays[i].Name, arrays[i].Values.Length);
        reader.End();
        // Only now: a refused file changes nothing.
        for (int i = 0; i < arrays.Length; i++) content[i].Span.CopyTo(MemoryMarshal.AsBytes(arrays[i].Values.AsSpan()));
        optimiser.Steps = steps;
        return metrics;
    }

    private static IEnumerable<(string Name, float[] Values)> Arrays(Network<float> network, Optimiser<float> optimiser) =>
        network.Parameters.Select(p => (p.Name, p.Value)).Concat(network.Layers.SelectMany(l => l.Statistics)).Concat(optimiser.State);

    private sealed class Cursor(string path, ReadOnlyMemory<byte> bytes)
    {
        private int _at;

        public int Length => bytes.Length;

        public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8).Span);

        public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4).Span);

        public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8).Span);

        public ReadOnlyMemory<byte> Array(string name, int length)
        {
            string found = Encoding.UTF8.GetString(Take(Int32()).Span);
            int count = Int32();
            if (found != name || count != length) throw new InvalidDataException($"{path}: holds '{found}' of {count} numbers where the network has '{name}' of {length}; it belongs to another network.");
            return Take(4L * count);
        }

        public void End()
        {
            if (_at != bytes.Length) throw new InvalidDataException($"{path}: {bytes.Length - _at} bytes are left over; it belongs to another network.");
        }

        private ReadOnlyMemory<byte> Take(long count)
        {
            if (count < 0 || count > bytes.Length - _at) throw new InvalidDataException($"{path}: {count} bytes are announced at offset {_at + Magic.Length}, {bytes.Length - _at} are left; the file is damaged.");
            var part = bytes.Slice(_at, (int)count);
            _at += (int)count;
            return part;
        }
    }
}
