import Media

extension Camera {
    /// Streams from a driver in this process, by the capture thread and loop that cameras have.
    ///
    /// It streams at once and never comes back once it is lost.
    ///
    /// - Parameters:
    ///   - driver: The driver; it is kept until the last frame in its buffers is gone.
    ///   - keeping: How frames are kept until they are taken.
    ///   - poolCount: The copies that may be lent besides the driver's buffers.
    /// - Throws: `.failed` when the driver's buffers do not hold pictures of its mode, or the process has no room for a
    ///   thread or a file.
    @_spi(Measuring)
    public convenience init(
        driver: any FrameDriver, keeping: FrameKeeping = .newest, poolCount: Int = 4
    ) throws(CaptureError) {
        let mode = driver.mode
        let format = V4L2.Format(
            code: mode.code, width: mode.size.width, height: mode.size.height, bytesPerRow: 0,
            byteCount: mode.byteCount, color: .video, memoryCount: 1, isInterlaced: false)
        guard let shape = FrameShape(format), (1...BufferBook.limit).contains(driver.buffers.count),
            driver.buffers.allSatisfy({ $0.count >= shape.layout.byteCount })
        else { throw CaptureError(.failed, "\(mode): the driver's buffers do not hold such pictures") }
        try self.init(keeping: keeping) { mailbox, stopSignal in
            let priority = ThreadPriority.pictures.apply()
            let memory = CameraMemory(
                shape: shape, mapped: driver.buffers, poolCount: poolCount, bell: stopSignal.bell
            ) { _ in withExtendedLifetime(driver) {} }
            var loop = CaptureLoop(
                port: FrameDriverPort(driver: driver), memory: memory, mailbox: mailbox, stop: stopSignal,
                keeping: keeping, interval: mode.interval?.duration ?? .milliseconds(33), first: 0, since: nil)
            func tell(_ phase: CameraConnection.Phase) {
                mailbox.post(
                    .event(
                        .connection(
                            CameraStatus(
                                phase: phase, loss: nil, error: nil, device: nil,
                                choice: ModeChoice(mode: mode, reasons: []), interval: mode.interval, size: mode.size,
                                priority: priority))))
            }
            if (try? loop.start()) != nil {
                tell(.streaming)
                _ = loop.run()
                driver.stop()
            }
            tell(.finished)
            mailbox.end()
        }
    }
}

/// What the capture loop calls of a `FrameDriver`.
private struct FrameDriverPort: CameraPort {
    let driver: any FrameDriver

    func wait(bell: Int32, milliseconds: Int32) throws(SystemCallError) -> Kernel.Readiness {
        try Kernel.poll(driver.file, bell, milliseconds: milliseconds)
    }

    func dequeue() throws(SystemCallError) -> V4L2.Dequeued {
        guard let filled = driver.dequeue() else { return .nothing }
        guard driver.buffers.indices.contains(filled.index) else { return .nothing }
        return .buffer(
            DequeuedBuffer(
                index: filled.index, sequence: filled.sequence, byteCount: driver.buffers[filled.index].count,
                stamp: filled.captured))
    }

    func queue(_ index: Int) throws(SystemCallError) { driver.queue(index) }
    func start() throws(SystemCallError) { driver.start() }
    func stop() throws(SystemCallError) { driver.stop() }
}
